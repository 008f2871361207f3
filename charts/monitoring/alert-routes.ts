import { AlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';
import type { Alerting, ReceiverSettings } from '../config/schema/alerting';
import type { WorkloadRef } from '../kit/workload-ref';
import { type Alert, placeLabels } from './rule';

/** Names within the object; the operator puts its namespace and name before them. */
const receivers = { page: 'page', ticket: 'ticket', watchdog: 'watchdog' } as const;

/**
 * Who hears of which alert, and what is not worth a message beside another. The operator adds the object's namespace to
 * every matcher, which is why each alert states its own.
 */
export function alertRoutes(
  workload: WorkloadRef,
  metadata: object,
  { page, ticket, watchdog }: Alerting,
  alerts: readonly Alert[],
): AlertmanagerConfig {
  const place = Object.keys(placeLabels(workload));
  return new AlertmanagerConfig({
    metadata,
    spec: {
      route: {
        // Whatever no route below takes: an alert of a severity that somebody invents is a ticket, not silence.
        receiver: receivers.ticket,
        groupBy: [...place, 'alertname'],
        groupWait: '1m',
        groupInterval: '5m',
        repeatInterval: '1d',
        routes: [
          {
            receiver: receivers.page,
            matchers: [is('severity', 'critical')],
            // One trouble makes several alerts: whoever is woken gets one message for a region.
            groupBy: place,
            groupWait: '10s',
            groupInterval: '1m',
            repeatInterval: '4h',
          },
          {
            receiver: receivers.watchdog,
            matchers: [is('severity', 'none')],
            groupBy: place,
            groupWait: '0s',
            groupInterval: '1m',
            repeatInterval: '5m',
          },
        ],
      },
      receivers: [
        { name: receivers.page, ...configs(page) },
        { name: receivers.ticket, ...configs(ticket) },
        // Without any it takes the alert from the tickets all the same.
        { name: receivers.watchdog, ...configs(watchdog === undefined ? [] : [watchdog]) },
      ],
      inhibitRules: [...inhibitions(place, alerts), ticketsBelowPages(place)],
    },
  });
}

/** What a cause explains is not told beside it. */
function inhibitions(place: readonly string[], alerts: readonly Alert[]) {
  const byCause = new Map<string, { cause: string; same: readonly string[]; symptoms: Set<string> }>();
  for (const { name, symptomOf } of alerts) {
    for (const { cause, same = [] } of symptomOf ?? []) {
      const key = [cause, ...same].join();
      const entry = byCause.get(key) ?? { cause, same, symptoms: new Set() };
      entry.symptoms.add(name);
      byCause.set(key, entry);
    }
  }
  return [...byCause.values()].map(({ cause, same, symptoms }) => ({
    sourceMatch: [is('alertname', cause)],
    targetMatch: [{ name: 'alertname', value: [...symptoms].join('|'), matchType: '=~' as const }],
    equal: [...place, ...same],
  }));
}

/** Of one objective, whoever is woken needs no ticket as well. */
function ticketsBelowPages(place: readonly string[]) {
  const burns = { name: 'slo', value: '.+', matchType: '=~' as const };
  return {
    sourceMatch: [is('severity', 'critical'), burns],
    targetMatch: [is('severity', 'warning'), burns],
    equal: [...place, 'slo'],
  };
}

function configs(list: readonly ReceiverSettings[]) {
  const reference = ({ secret, key }: { secret: string; key: string }) => ({ name: secret, key });
  const pagerdutyConfigs = list.flatMap((receiver) =>
    receiver.kind === 'pager-duty'
      ? [{ routingKey: reference(receiver.routingKey), sendResolved: true }]
      : [],
  );
  const slackConfigs = list.flatMap((receiver) =>
    receiver.kind === 'slack'
      ? [
          {
            apiURL: reference(receiver.urlSecret),
            channel: receiver.channel,
            sendResolved: true,
            ...slackText,
          },
        ]
      : [],
  );
  const webhookConfigs = list.flatMap((receiver) =>
    receiver.kind === 'webhook' ? [{ urlSecret: reference(receiver.urlSecret), sendResolved: true }] : [],
  );
  return {
    ...(pagerdutyConfigs.length > 0 && { pagerdutyConfigs }),
    ...(slackConfigs.length > 0 && { slackConfigs }),
    ...(webhookConfigs.length > 0 && { webhookConfigs }),
  };
}

/** Alertmanager's own text names labels only. */
const slackText = {
  title: '{{ .Status | toUpper }}: {{ .CommonLabels.namespace }} {{ .CommonLabels.region }}',
  text: '{{ range .Alerts }}{{ .Annotations.summary }} {{ .Annotations.description }} {{ .Annotations.runbook_url }}\n{{ end }}',
};

function is(name: string, value: string) {
  return { name, value, matchType: '=' as const };
}

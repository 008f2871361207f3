import type { Monitoring } from '../config/schema/monitoring';
import { prometheusDuration } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import { customAlerts } from './custom-alerts';
import { limitAlerts } from './limit-alerts';
import { operationAlerts } from './operation-alerts';
import { providerAlerts } from './provider-alerts';
import { requestAlerts } from './request-alerts';
import type { Alert, Recording, RuleGroup } from './rule';
import { assertReadable } from './rule-check';
import { saturationAlerts } from './saturation-alerts';
import { secretAlerts } from './secret-alerts';
import { sloGroup } from './slo-rules';

/** A group as the operator and Prometheus know it. */
interface PrometheusGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: ({ readonly expr: string } & Record<string, unknown>)[];
}

/**
 * All rules of a gateway.
 *
 * @throws InvalidInput where an expression is no PromQL, or asks for what does not exist.
 */
export function ruleGroups(workload: WorkloadRef, settings: Monitoring): PrometheusGroup[] {
  const { slos, sloPeriod, alerts, runbookBaseUrl } = settings;
  const groups: RuleGroup[] = [
    { alerts: requestAlerts(workload, alerts) },
    ...slos.map((slo) => sloGroup(workload, slo, sloPeriod)),
    { suffix: 'providers', alerts: providerAlerts(workload, alerts) },
    { suffix: 'saturation', alerts: saturationAlerts(workload) },
    { suffix: 'limits', alerts: limitAlerts(workload) },
    { suffix: 'operation', alerts: [...operationAlerts(workload), ...secretAlerts(workload, alerts)] },
  ];
  assertReadable(groups, settings);
  const custom = customAlerts(workload, settings.customAlerts);
  return [
    ...groups.map(({ suffix, interval, recordings = [], alerts }) => ({
      name: suffix === undefined ? workload.name : `${workload.name}-${suffix}`,
      ...(interval === undefined ? {} : { interval: prometheusDuration(interval) }),
      rules: [
        ...recordings.map(recordingRule),
        ...alerts.map((alert) => alertingRule(alert, workload, runbookBaseUrl)),
      ],
    })),
    ...custom,
  ];
}

function recordingRule({ record, labels, expression }: Recording) {
  return { record: record.name, expr: expression, labels: { ...labels } };
}

function alertingRule(alert: Alert, { namespace }: WorkloadRef, runbookBaseUrl: string) {
  return {
    alert: alert.name,
    expr: alert.expression,
    ...(alert.for === undefined ? {} : { for: prometheusDuration(alert.for) }),
    labels: {
      severity: alert.severity,
      // A sum has no labels of its own, and the operator's Alertmanager routes by this one.
      namespace,
      ...alert.labels,
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookBaseUrl}/${alert.name}.md`,
    },
  };
}

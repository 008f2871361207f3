import type { Monitoring } from '../config/schema/monitoring';
import { prometheusDuration } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import { customAlerts } from './custom-alerts';
import { limitAlerts } from './limit-alerts';
import { operationAlerts } from './operation-alerts';
import { providerAlerts } from './provider-alerts';
import { requestAlerts } from './request-alerts';
import { type Alert, placeLabels, type Recording, type RuleGroup } from './rule';
import { assertReadable } from './rule-check';
import { scrapeLabels } from './scrape-objects';
import { saturationAlerts } from './saturation-alerts';
import { secretAlerts } from './secret-alerts';
import { sloGroup } from './slo-rules';

/** A group as the operator and Prometheus know it. */
export interface PrometheusGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: ({ readonly expr: string } & Record<string, unknown>)[];
}

/** The alerts that are built in. */
export function alertsOf(workload: WorkloadRef, settings: Monitoring): Alert[] {
  return ruleGroups(workload, settings).flatMap(({ alerts }) => alerts);
}

function ruleGroups(workload: WorkloadRef, { slos, sloPeriod, alerts }: Monitoring): RuleGroup[] {
  return [
    { alerts: requestAlerts(workload, alerts) },
    ...slos.map((slo) => sloGroup(workload, slo, sloPeriod)),
    { suffix: 'providers', alerts: providerAlerts(workload, alerts) },
    { suffix: 'saturation', alerts: saturationAlerts(workload) },
    { suffix: 'limits', alerts: limitAlerts(workload) },
    { suffix: 'operation', alerts: [...operationAlerts(workload), ...secretAlerts(workload, alerts)] },
  ];
}

/**
 * All rules of a gateway.
 *
 * @throws InvalidInput where an expression is no PromQL, or asks for what does not exist.
 */
export function prometheusGroups(workload: WorkloadRef, settings: Monitoring): PrometheusGroup[] {
  const groups = ruleGroups(workload, settings);
  assertReadable(groups, settings, scrapeLabels(workload, settings));
  const custom = customAlerts(workload, settings.customAlerts);
  return [
    ...groups.map(({ suffix, interval, recordings = [], alerts }) => ({
      name: suffix === undefined ? workload.name : `${workload.name}-${suffix}`,
      ...(interval === undefined ? {} : { interval: prometheusDuration(interval) }),
      rules: [
        ...recordings.map(recordingRule),
        ...alerts.map((alert) => alertingRule(alert, workload, settings.runbookBaseUrl)),
      ],
    })),
    ...custom,
  ];
}

function recordingRule({ record, labels, expression }: Recording) {
  return { record: record.name, expr: expression, labels: { ...labels } };
}

function alertingRule(alert: Alert, workload: WorkloadRef, runbookBaseUrl: string) {
  return {
    alert: alert.name,
    expr: alert.expression,
    ...(alert.for === undefined ? {} : { for: prometheusDuration(alert.for) }),
    labels: {
      severity: alert.severity,
      ...placeLabels(workload),
      ...alert.labels,
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookBaseUrl}/${alert.name}.md`,
    },
  };
}

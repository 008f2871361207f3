import type { Monitoring } from '../config/schema/monitoring';
import { prometheusDuration } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import { placeLabels } from './rule';

/** More in one group would be evaluated one after the other for longer than is good. */
const rulesPerGroup = 20;

/** Alerts that the input states word for word, in groups of bounded size. */
export function customAlerts(workload: WorkloadRef, alerts: Monitoring['customAlerts']) {
  const rules = alerts.map((custom) => ({
    alert: custom.alert,
    expr: custom.expr,
    ...(custom.for === undefined ? {} : { for: prometheusDuration(custom.for) }),
    labels: { severity: custom.severity, ...placeLabels(workload) },
    annotations: {
      summary: custom.summary,
      description: custom.description,
      runbook_url: custom.runbookUrl,
    },
  }));
  return Array.from({ length: Math.ceil(rules.length / rulesPerGroup) }, (_, index) => ({
    name: `${workload.name}-custom-${index + 1}`,
    rules: rules.slice(index * rulesPerGroup, (index + 1) * rulesPerGroup),
  }));
}

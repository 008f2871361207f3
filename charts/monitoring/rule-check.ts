import { InvalidInput, type Problem } from '../../gateway-app/contract/validate';
import type { Monitoring } from '../config/schema/monitoring';
import { knownMetrics } from '../kit/known-metrics';
import { faultsOf } from '../kit/promql-check';
import type { RuleGroup } from './rule';

/**
 * Reads every expression, the built-in ones too: a rule that Prometheus refuses takes its whole group down, and one
 * that asks for what does not exist is silent for ever.
 *
 * @throws InvalidInput with all that is wrong, at once.
 */
export function assertReadable(
  groups: readonly RuleGroup[],
  { customAlerts, retention }: Pick<Monitoring, 'customAlerts' | 'retention'>,
  scrapeLabels: readonly string[],
): void {
  const recorded = groups.flatMap(({ recordings = [] }) => recordings.map(({ record }) => record));
  const bounds = { known: knownMetrics(recorded, scrapeLabels), retentionSeconds: retention.toSeconds() };
  const builtIn = new Set(groups.flatMap(({ alerts }) => alerts.map(({ name }) => name)));
  const problems: Problem[] = [
    ...groups.flatMap(({ recordings = [], alerts }) => [
      ...recordings.flatMap(({ record, expression }) => problemsOf(record.name, expression)),
      ...alerts.flatMap(({ name, expression }) => problemsOf(name, expression)),
    ]),
    ...customAlerts.flatMap(({ expr }, index) => problemsOf(`customAlerts[${index}].expr`, expr)),
    ...customAlerts.flatMap(({ alert }, index) =>
      builtIn.has(alert) || customAlerts.findIndex((other) => other.alert === alert) < index
        ? {
            path: `customAlerts[${index}].alert`,
            value: JSON.stringify(alert),
            rule: 'must be the name of no other alert, since routes and pages go by it',
            fix: 'choose another name',
          }
        : [],
    ),
  ];
  if (problems.length > 0) {
    throw new InvalidInput('Monitoring', problems, 'No manifest is written.');
  }

  function problemsOf(path: string, expression: string): Problem[] {
    return faultsOf(expression, bounds).map((fault) => ({
      path,
      value: JSON.stringify(expression),
      ...fault,
    }));
  }
}

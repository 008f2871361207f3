import type { Duration } from 'cdk8s';
import type { Metric } from '../../gateway-app/contract/metrics';
import { burnRates } from '../config/error-budget';
import { prometheusDuration } from '../kit/promql';

/** Of the series that the rules record, the labels `namespace` and `job` say which gateway, `slo` says which objective. */
const record = (name: string, unit: Metric['unit'], help: string): Metric<'gauge', 'slo'> => ({
  name,
  type: 'gauge',
  unit,
  labels: ['slo'],
  help,
});

/** What the rules of an objective record; panels read it too. */
export const sloRecords = {
  badRequests: record('job:gateway_slo_bad:rate5m', 'count', 'Bad requests per second over 5 minutes.'),
  allRequests: record(
    'job:gateway_slo_all:rate5m',
    'count',
    'Requests that count, per second over 5 minutes.',
  ),
  budgetLeft: record(
    'job:gateway_slo_budget_left:ratio',
    'ratio',
    'Share of the error budget of the period that is left; below 0 the objective is missed.',
  ),
} as const;

/** Share of bad requests over a window. */
export function badShare(window: Duration): Metric<'gauge', 'slo'> {
  const text = prometheusDuration(window);
  return record(`job:gateway_slo_bad:ratio_rate${text}`, 'ratio', `Share of bad requests over ${text}.`);
}

/** Of every window that an alert reads. */
export const badShares = burnRates.flatMap(({ long, short }) => [badShare(short), badShare(long)]);

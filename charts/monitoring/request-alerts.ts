import { Duration } from 'cdk8s';
import { metrics } from '../../gateway-app/contract/metrics';
import type { Monitoring } from '../config/schema/monitoring';
import { above, quantile, ratio, seriesOf, sumOfRates } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import { type Alert, symptomOfAbsence } from './rule';

/** Rates look back this far: several scrapes, so that one missed scrape changes no alert. */
const window = Duration.minutes(5);

/** The two alerts of every gateway that are told by their names: the share of failures, and the gateway's own delay. */
export function requestAlerts(
  workload: WorkloadRef,
  { highErrorRate, highLatency }: Monitoring['alerts'],
): Alert[] {
  const failed = seriesOf(workload, metrics.requests, { status: { matches: '5..' } });
  const all = seriesOf(workload, metrics.requests);
  const overhead = seriesOf(workload, metrics.overheadDuration);
  const thresholdSeconds = highLatency.overheadP99.toMilliseconds() / 1000;
  return [
    {
      name: 'HighErrorRate',
      severity: 'critical',
      // A share, not a count: a count grows with traffic and says nothing about who is hurt.
      expression: above(ratio(sumOfRates(failed, window), sumOfRates(all, window)), highErrorRate.ratio),
      for: highErrorRate.for,
      symptomOf: symptomOfAbsence,
      summary: 'The gateway answers many requests with a 5xx.',
      description: `{{ $value | humanizePercentage }} of the requests to ${workload.namespace}/${workload.name} failed with a 5xx over the last ${window.toMinutes()} minutes.`,
    },
    {
      name: 'HighLatency',
      severity: 'warning',
      // The gateway's own share: on the whole duration it would fire for ever, since a model's answer takes seconds.
      expression: above(quantile(0.99, overhead, window), thresholdSeconds),
      for: highLatency.for,
      symptomOf: symptomOfAbsence,
      summary: 'The gateway itself slows requests down.',
      description: `One in a hundred requests to ${workload.namespace}/${workload.name} waits {{ $value | humanizeDuration }} or longer for the gateway itself, beside the wait for the provider.`,
    },
  ];
}

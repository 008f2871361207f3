import { Duration } from 'cdk8s';
import { labelValues, metrics } from '../../gateway-app/contract/metrics';
import type { Monitoring } from '../config/schema/monitoring';
import {
  above,
  allOf,
  atLeast,
  quantile,
  ratio,
  type Series,
  seriesOf,
  sumOfIncreases,
  sumOfRates,
} from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import type { Alert } from './rule';

const window = Duration.minutes(5);
const byProvider = ['provider'];

/** Of fewer failures nobody is told: at low traffic a single one would be a large share. */
const fewestFailures = 10;

/** `aborted` is missing: it was the client who left. */
const providerFailures = `5..|${labelValues.upstreamFailure.filter((failure) => failure !== 'aborted').join('|')}`;

/** It is told once that a provider fails, by the alert that says so. */
const ofAFailingProvider = [{ cause: 'UpstreamProviderDown', same: byProvider }];

/** Name the provider behind what users feel. None is critical: the user-facing objective pages. */
export function providerAlerts(workload: WorkloadRef, { upstreamSlow }: Monitoring['alerts']): Alert[] {
  const of = `${workload.namespace}/${workload.name}`;
  const exchanges = (matches?: string) =>
    seriesOf(workload, metrics.upstreamRequests, matches === undefined ? {} : { status: { matches } });
  const shareAbove = (part: Series<'counter', string>, whole: Series<'counter', string>, threshold: number) =>
    allOf(
      above(ratio(sumOfRates(part, window, byProvider), sumOfRates(whole, window, byProvider)), threshold),
      atLeast(sumOfIncreases(part, window, byProvider), fewestFailures),
    );
  const ended = (outcome?: string) =>
    seriesOf(workload, metrics.streams, outcome === undefined ? {} : { outcome: { matches: outcome } });
  return [
    {
      name: 'UpstreamProviderDown',
      severity: 'warning',
      expression: shareAbove(exchanges(providerFailures), exchanges(), 0.5),
      for: Duration.minutes(5),
      summary: 'A provider fails most requests.',
      description: `{{ $labels.provider }} failed {{ $value | humanizePercentage }} of the requests of ${of} over the last 5 minutes.`,
    },
    {
      name: 'UpstreamCredentialsRejected',
      severity: 'warning',
      expression: shareAbove(exchanges('401|403'), exchanges(), 0.5),
      for: Duration.minutes(5),
      summary: "A provider refuses the gateway's credentials.",
      description: `{{ $labels.provider }} refused {{ $value | humanizePercentage }} of the requests of ${of} with a 401 or 403 over the last 5 minutes.`,
    },
    {
      name: 'UpstreamRateLimited',
      severity: 'warning',
      expression: shareAbove(exchanges('429'), exchanges(), 0.1),
      for: Duration.minutes(10),
      summary: 'A provider limits the gateway.',
      description: `{{ $labels.provider }} answered {{ $value | humanizePercentage }} of the requests of ${of} with a 429 over the last 5 minutes.`,
    },
    {
      name: 'UpstreamSlow',
      severity: 'warning',
      expression: above(
        quantile(0.95, seriesOf(workload, metrics.upstreamTimeToFirstToken), window, byProvider),
        upstreamSlow.firstTokenP95.toMilliseconds() / 1000,
      ),
      for: upstreamSlow.for,
      symptomOf: ofAFailingProvider,
      summary: 'A provider begins its answers late.',
      description: `One in twenty streams from {{ $labels.provider }} to ${of} begins after {{ $value | humanizeDuration }} or later.`,
    },
    {
      name: 'StreamsCut',
      severity: 'warning',
      expression: shareAbove(ended('cut|timed_out'), ended(), 0.05),
      for: Duration.minutes(5),
      symptomOf: ofAFailingProvider,
      summary: 'Streams end before the answer does.',
      description: `{{ $value | humanizePercentage }} of the streams from {{ $labels.provider }} to ${of} were cut or timed out over the last 5 minutes.`,
    },
  ];
}

import { Duration } from 'cdk8s';
import { metrics } from '../../gateway-app/contract/metrics';
import type { Slo, SloName } from '../config/slo';
import {
  above,
  allOf,
  atLeast,
  average,
  bucket,
  difference,
  type Expression,
  latest,
  observations,
  prometheusDuration,
  ratio,
  seriesOf,
  shareLeft,
  sumOfRates,
  times,
  total,
} from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import { budgetOf, type BurnRate, burnRates, thresholdOf } from '../config/error-budget';
import { type Alert, placeLabels, type Recording, type RuleGroup, symptomOfAbsence } from './rule';
import { badShare, sloRecords } from './slo-records';

/** What is summed from the scraped series; every longer window is a mean of these sums, and so weighted by traffic. */
const base = Duration.minutes(5);

/** Stated, since the count of bad requests is a sum of samples that each stand for this long. */
const interval = Duration.seconds(30);

/** Fewer bad requests than this in the long window alert nobody: at low traffic one error would. */
const fewestBadRequests = 10;

/** Recording rules and alerts of one objective. The alerts stand behind the windows that they read, in one group. */
export function sloGroup(workload: WorkloadRef, slo: Slo, period: Duration): RuleGroup {
  const labels = { ...placeLabels(workload), job: workload.name, slo: slo.name };
  const { bad, all } = requestsOf(workload, slo);
  const meanShare = (window: Duration): Expression =>
    ratio(
      average(seriesOf(workload, sloRecords.badRequests, { slo: slo.name }), window),
      average(seriesOf(workload, sloRecords.allRequests, { slo: slo.name }), window),
    );
  const longer = burnRates
    .flatMap(({ long, short }) => [short, long])
    .filter((w) => w.toSeconds() > base.toSeconds());
  const recordings: Recording[] = [
    { record: sloRecords.badRequests, labels, expression: bad },
    { record: sloRecords.allRequests, labels, expression: all },
    {
      record: badShare(base),
      labels,
      expression: ratio(
        latest(seriesOf(workload, sloRecords.badRequests, { slo: slo.name })),
        latest(seriesOf(workload, sloRecords.allRequests, { slo: slo.name })),
      ),
    },
    ...distinct(longer).map((window) => ({
      record: badShare(window),
      labels,
      expression: meanShare(window),
    })),
    { record: sloRecords.budgetLeft, labels, expression: shareLeft(meanShare(period), budgetOf(slo)) },
  ];
  return {
    suffix: slo.name,
    interval,
    recordings,
    alerts: burnRates.map((rate) => burnAlert(workload, slo, rate)),
  };
}

function burnAlert(workload: WorkloadRef, slo: Slo, rate: BurnRate): Alert {
  const { factor, long, short, severity } = rate;
  const threshold = thresholdOf(slo, rate);
  const share = (window: Duration): Expression =>
    latest(seriesOf(workload, badShare(window), { slo: slo.name }));
  // A mean would stretch what was recorded since the rules exist over the whole window: one error would count as many.
  const badRequests = times(
    total(seriesOf(workload, sloRecords.badRequests, { slo: slo.name }), long),
    interval.toSeconds(),
  );
  const window = prometheusDuration(long);
  const { alert, what } = words[slo.name];
  return {
    name: alert,
    severity,
    labels: { slo: slo.name, window },
    expression: allOf(
      above(share(long), threshold),
      above(share(short), threshold),
      atLeast(badRequests, fewestBadRequests),
    ),
    symptomOf: symptomOfAbsence,
    summary: `${what}: ${factor} times faster than ${slo.target} % allows.`,
    description: `{{ $value | humanizePercentage }} of the requests to ${workload.namespace}/${workload.name} were bad over the last ${window}, and it goes on.`,
  };
}

const words: Readonly<Record<SloName, { readonly alert: string; readonly what: string }>> = {
  'gateway-availability': {
    alert: 'GatewayAvailabilityBudgetBurn',
    what: 'The gateway itself fails requests',
  },
  'user-availability': {
    alert: 'UserAvailabilityBudgetBurn',
    what: 'Users get errors or cut streams',
  },
  'overhead-latency': {
    alert: 'OverheadLatencyBudgetBurn',
    what: 'The gateway itself slows requests down',
  },
  'first-byte-latency': {
    alert: 'FirstByteLatencyBudgetBurn',
    what: 'Streamed answers begin late',
  },
};

/** Both per second. What a client or a policy is to blame for counts neither way: a flood of it would hide the rest. */
function requestsOf(workload: WorkloadRef, slo: Slo): { readonly bad: Expression; readonly all: Expression } {
  switch (slo.name) {
    case 'gateway-availability':
      return {
        bad: sumOfRates(seriesOf(workload, metrics.requests, { error_source: 'gateway' }), base),
        all: answered(workload),
      };
    case 'user-availability':
      return {
        // Whatever the status: a stream that is cut has said 200 before, and a provider's 429 is no answer either.
        bad: sumOfRates(
          seriesOf(workload, metrics.requests, { error_source: { matches: 'provider|gateway' } }),
          base,
        ),
        all: answered(workload),
      };
    case 'overhead-latency':
      return slowerThan(slo.under, seriesOf(workload, metrics.overheadDuration));
    case 'first-byte-latency':
      return slowerThan(slo.under, seriesOf(workload, metrics.upstreamTimeToFirstToken));
  }
}

function answered(workload: WorkloadRef): Expression {
  return sumOfRates(
    seriesOf(workload, metrics.requests, { error_source: { matches: 'none|provider|gateway' } }),
    base,
  );
}

function slowerThan(
  under: Duration,
  series: Parameters<typeof observations>[0],
): { readonly bad: Expression; readonly all: Expression } {
  const all = sumOfRates(observations(series), base);
  const fast = sumOfRates(bucket(series, under.toMilliseconds() / 1000), base);
  return { bad: difference(all, fast), all };
}

function distinct(windows: readonly Duration[]): Duration[] {
  return [...new Map(windows.map((window) => [window.toSeconds(), window])).values()].sort(
    (a, b) => a.toSeconds() - b.toSeconds(),
  );
}

import { Duration } from 'cdk8s';
import { above, quantile, ratio, seriesOf, sumOfRates } from '../../charts/kit/promql';
import { gatewayDeployment } from '../../charts/kit/workload-ref';
import { metrics } from '../../gateway-app/contract/metrics';

const workload = gatewayDeployment(
  { name: 'edge', namespace: 'space', environment: 'test', labels: {}, podLabels: {} },
  {},
);
const window = Duration.minutes(5);

it('asks for the series of one gateway only', () => {
  const all = seriesOf(workload, metrics.requests);
  const failed = seriesOf(workload, metrics.requests, { status: { matches: '5..' }, provider: 'a"b' });
  expect(above(ratio(sumOfRates(failed, window), sumOfRates(all, window)), 0.05)).toBe(
    'sum(rate(gateway_requests_total{namespace="space",job="edge",status=~"5..",provider="a\\"b"}[5m])) / ' +
      'sum(rate(gateway_requests_total{namespace="space",job="edge"}[5m])) > 0.05',
  );
});

it('takes a quantile over the buckets of all pods', () => {
  expect(quantile(0.99, seriesOf(workload, metrics.overheadDuration), Duration.seconds(90))).toBe(
    'histogram_quantile(0.99, sum by (le) (rate(gateway_overhead_duration_seconds_bucket{namespace="space",job="edge"}[90s])))',
  );
});

/** Never run: `npm run typecheck` fails where one of these compiles, since its `@ts-expect-error` is then unused. */
export function doesNotCompile(): unknown[] {
  return [
    // @ts-expect-error a metric that was renamed
    metrics.requestsTotal,
    // @ts-expect-error a label that the metric does not have
    seriesOf(workload, metrics.requests, { tenant: 'search' }),
    // @ts-expect-error a label on a metric that has none
    seriesOf(workload, metrics.openConnections, { route: 'models' }),
    // @ts-expect-error a rate of a gauge
    sumOfRates(seriesOf(workload, metrics.activeRequests), window),
    // @ts-expect-error a quantile of a counter
    quantile(0.99, seriesOf(workload, metrics.requests), window),
    // @ts-expect-error text that no function here has made
    above('up', 1),
  ];
}

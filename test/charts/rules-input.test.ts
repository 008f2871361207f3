import { Duration } from 'cdk8s';
import { InvalidInput, Monitoring, type MonitoringInput, Slo } from '../../charts';
import { faultsOf } from '../../charts/kit/promql-check';
import { knownMetrics } from '../../charts/kit/known-metrics';
import { gatewayManifests } from './gateway-chart';

const custom = (expr: string, alert = 'Custom'): MonitoringInput => ({
  customAlerts: [
    {
      alert,
      expr,
      severity: 'warning',
      summary: 'It is so.',
      description: 'So.',
      runbookUrl: 'https://x.test',
    },
  ],
});

function problemsOf(input: MonitoringInput) {
  try {
    gatewayManifests({ monitoring: Monitoring.prometheus(input) });
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

it.each<[what: string, input: MonitoringInput, path: string, value: string, rule: RegExp]>([
  ['a target of 100 %', { slos: [Slo.availability(100)] }, 'slos[0].target', '100', /first bad request/],
  ['a target of 0 %', { slos: [Slo.availability(0)] }, 'slos[0].target', '0', /could never fire/],
  [
    'a target that pages never',
    { slos: [Slo.availability(93.05)] },
    'slos[0].target',
    '93.05',
    /93.06 or more/,
  ],
  [
    'too many decimals',
    { slos: [Slo.availability(99.9999999)] },
    'slos[0].target',
    '99.9999999',
    /five decimals/,
  ],
  [
    'a time between two buckets',
    { slos: [Slo.latency({ percentile: 99, under: Duration.millis(120) })] },
    'slos[0].under',
    '"120 millis"',
    /bucket bound of gateway_overhead_duration_seconds \(.*0\.1, /,
  ],
  [
    'one objective twice',
    { slos: [Slo.availability(99), Slo.availability(99.9)] },
    'slos[1].name',
    'gateway-availability',
    /told apart/,
  ],
  ['text as an objective', { slos: ['99.99' as unknown as Slo] }, 'slos[0]', '"99.99"', /must be/],
  [
    'a period beyond retention',
    { retention: Duration.days(15) },
    'sloPeriod',
    '',
    /is 30 days, and .* retention \(15 days\)/,
  ],
  [
    'too short a retention',
    { retention: Duration.days(2), sloPeriod: Duration.days(2) },
    'retention',
    '2 days',
    /3 days or more/,
  ],
  ['a period of hours', { sloPeriod: Duration.hours(36) }, 'sloPeriod', '1 day 12 hours', /whole days/],
  [
    'a threshold above all buckets',
    { alerts: { upstreamSlow: { firstTokenP95: Duration.seconds(10) } } },
    'alerts.upstreamSlow.firstTokenP95',
    '10 seconds',
    /could never fire/,
  ],
  [
    'no PromQL',
    custom('sum(rate(up[5m])'),
    'customAlerts[0].expr',
    'sum(rate',
    /does not parse at character 17/,
  ],
  [
    'an unknown metric',
    custom('gateway_request_total > 1'),
    'customAlerts[0].expr',
    'gateway_request_total',
    /gateway_request_total is none/,
  ],
  [
    'an unknown label',
    custom('gateway_requests_total{tenant="a"} > 1'),
    'customAlerts[0].expr',
    'tenant',
    /has no tenant/,
  ],
  [
    'an unknown group',
    custom('sum by (tenant) (gateway_active_requests) > 1'),
    'customAlerts[0].expr',
    'tenant',
    /no series here has tenant/,
  ],
  [
    'a histogram without its suffix',
    custom('gateway_request_duration_seconds > 1'),
    'customAlerts[0].expr',
    '',
    /is none/,
  ],
  [
    'a rate without a window',
    custom('rate(gateway_requests_total) > 1'),
    'customAlerts[0].expr',
    '',
    /give rate\(\) a range/,
  ],
  [
    'a window without a function',
    custom('abs(gateway_active_requests[5m]) > 1'),
    'customAlerts[0].expr',
    '',
    /not give abs\(\) a range/,
  ],
  [
    'a window beyond retention',
    custom('max_over_time(up[5w]) > 1'),
    'customAlerts[0].expr',
    '5w',
    /31 days only/,
  ],
  [
    'a name that is taken',
    custom('up == 0', 'HighLatency'),
    'customAlerts[0].alert',
    'HighLatency',
    /no other alert/,
  ],
  [
    'a name that is none',
    custom('up == 0', 'high latency'),
    'customAlerts[0].alert',
    'high latency',
    /capitals/,
  ],
])('%s is refused', (_what, input, path, value, rule) => {
  const { problems, message } = problemsOf(input);
  expect(problems).toMatchObject([
    {
      path,
      value: expect.stringContaining(value),
      rule: expect.stringMatching(rule),
      fix: expect.stringMatching(/\w/),
    },
  ]);
  expect(message).toMatch(/No manifest is written\./);
});

it.each([
  'sum by (le, pod) (rate(gateway_request_duration_seconds_bucket{route=~"a|b"}[5m])) > 1',
  'up * on (pod) group_left () process_resident_memory_bytes > 1e9',
  'rate((gateway_requests_total[5m] offset 1d)) > 1',
  'max_over_time(rate(gateway_requests_total[5m])[1h:1m]) > 1',
  'job:gateway_slo_bad:ratio_rate1h{slo="gateway-availability"} > 0.5',
])('%s is accepted', (expr) => {
  expect(() => gatewayManifests({ monitoring: Monitoring.prometheus(custom(expr)) })).not.toThrow();
});

it('names the metric that was likely meant', () => {
  const bounds = { known: knownMetrics(), retentionSeconds: 86_400 };
  expect(faultsOf('gateway_request_total', bounds)[0]?.fix).toContain('gateway_requests_total');
  expect(faultsOf('{job="a"}', bounds)[0]?.rule).toContain('a selector without a name');
});

it.each([
  ['sum by ("le") (rate(X[5m])) > 1', 'sum by ("el") (rate(X[5m])) > 1'],
  ['X{pod="a"} > 1', 'X{"pdo"="a"} > 1'],
  ['X{pod="a"} > 1', 'X{pdo="b"} > 1'],
  [`X{pod='=",job=",'} > 1`, `X{pod='="',pdo='",'} > 1`],
  ['X{pod="a"} > 1', 'X{pod="a} > 1'],
])('what was found sound in %s excuses nothing in %s', (sound, faulty) => {
  const metric = 'gateway_request_duration_seconds_bucket';
  const faults = (expression: string) =>
    faultsOf(expression.replaceAll('X', metric), { known: knownMetrics(), retentionSeconds: 86_400 });
  expect(faults(sound)).toEqual([]);
  expect(faults(faulty)).not.toEqual([]);
});

it('asks again where samples are kept for a shorter time, or another label is scraped', () => {
  const expression = 'max_over_time(gateway_requests_total{region="a"}[2d])';
  expect(faultsOf(expression, { known: knownMetrics(), retentionSeconds: 3 * 86_400 })).toEqual([]);
  expect(faultsOf(expression, { known: knownMetrics(), retentionSeconds: 86_400 })).toHaveLength(1);
  expect(faultsOf(expression, { known: knownMetrics([], []), retentionSeconds: 3 * 86_400 })).toHaveLength(1);
});

import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import {
  Dashboards,
  InvalidInput,
  type Manifest,
  Monitoring,
  type MonitoringInput,
  Receiver,
  Scrape,
  type SecretKey,
  Slo,
} from '../../charts';
import { at, gatewayManifests, only } from './gateway-chart';

const key = (name: string): SecretKey => ({ secret: 'alerting', key: name });

it('Monitoring.prometheus wires every input', () => {
  const input: Required<MonitoringInput> = {
    scrape: Scrape.podMonitor(),
    dashboards: Dashboards.none(),
    alerting: {
      page: [Receiver.pagerDuty({ routingKey: key('pager') })],
      ticket: [
        Receiver.slack({ urlSecret: key('slack'), channel: '#gateway' }),
        Receiver.webhook({ urlSecret: key('ticket') }),
      ],
      watchdog: Receiver.webhook({ urlSecret: key('heartbeat') }),
    },
    labels: { release: 'kube-prometheus-stack' },
    scrapeInterval: Duration.seconds(7),
    runbookBaseUrl: 'https://runbooks.example.com/gateway',
    alerts: {
      highErrorRate: { ratio: 0.125, for: Duration.seconds(90) },
      highLatency: { overheadP99: Duration.millis(250), for: Duration.minutes(3) },
      upstreamSlow: { firstTokenP95: Duration.seconds(7), for: Duration.minutes(4) },
      secretTooOld: { age: Duration.days(30) },
    },
    slos: [Slo.availability(99.5)],
    sloPeriod: Duration.days(7),
    retention: Duration.days(8),
    customAlerts: [
      {
        alert: 'ManyConnections',
        expr: 'max(gateway_open_connections) > 5000',
        for: Duration.minutes(2),
        severity: 'warning',
        summary: 'Many connections.',
        description: '{{ $value }} connections.',
        runbookUrl: 'https://runbooks.example.com/connections',
      },
    ],
  };
  const manifests = gatewayManifests({ region: 'edge-1', monitoring: Monitoring.prometheus(input) });
  for (const kind of ['PodMonitor', 'PrometheusRule', 'AlertmanagerConfig']) {
    expect(at(only(manifests, kind), 'metadata', 'labels')).toMatchObject({
      'app.kubernetes.io/instance': 'ai-gateway',
      release: 'kube-prometheus-stack',
    });
  }
  expect(at(only(manifests, 'Deployment'), 'metadata', 'labels')).not.toHaveProperty('release');
  expect(at(only(manifests, 'PodMonitor'), 'spec')).toEqual({
    selector: {
      matchLabels: { 'app.kubernetes.io/name': 'ai-gateway', 'app.kubernetes.io/instance': 'ai-gateway' },
    },
    jobLabel: 'app.kubernetes.io/instance',
    podMetricsEndpoints: [
      {
        port: 'http-admin',
        path: '/metrics',
        interval: '7s',
        // A timeout above the interval is refused by Prometheus.
        scrapeTimeout: '7s',
        relabelings: [{ targetLabel: 'region', replacement: 'edge-1' }],
      },
    ],
  });
  expect(at(only(manifests, 'PrometheusRule'), 'spec', 'groups', 0, 'rules')).toMatchObject([
    {
      expr: expect.stringMatching(/> 0\.125$/),
      for: '90s',
      annotations: { runbook_url: 'https://runbooks.example.com/gateway/HighErrorRate.md' },
    },
    {
      expr: expect.stringMatching(/> 0\.25$/),
      for: '3m',
      annotations: { runbook_url: 'https://runbooks.example.com/gateway/HighLatency.md' },
    },
  ]);
  const groups = at(only(manifests, 'PrometheusRule'), 'spec', 'groups') as {
    name: string;
    rules: { alert?: string; record?: string; expr: string; for?: string }[];
  }[];
  expect(groups.map(({ name }) => name)).toEqual([
    'ai-gateway',
    'ai-gateway-gateway-availability',
    'ai-gateway-providers',
    'ai-gateway-saturation',
    'ai-gateway-limits',
    'ai-gateway-operation',
    'ai-gateway-custom-1',
  ]);
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.find(({ alert }) => alert === 'UpstreamSlow')).toMatchObject({
    expr: expect.stringMatching(/> 7$/),
    for: '4m',
  });
  expect(rules.find(({ alert }) => alert === 'SecretTooOld')?.expr).toMatch(/> 2592000$/);
  expect(rules.find(({ record }) => record === 'job:gateway_slo_budget_left:ratio')?.expr).toMatch(
    /\[7d\].* \/ 0\.005$/,
  );
  expect(groups.at(-1)?.rules).toEqual([
    {
      alert: 'ManyConnections',
      expr: 'max(gateway_open_connections) > 5000',
      for: '2m',
      labels: { severity: 'warning', namespace: 'ai-gateway', region: 'edge-1' },
      annotations: {
        summary: 'Many connections.',
        description: '{{ $value }} connections.',
        runbook_url: 'https://runbooks.example.com/connections',
      },
    },
  ]);
});

it('a ServiceMonitor is the default, and names no region where there is none', () => {
  expect(at(only(gatewayManifests(), 'ServiceMonitor'), 'spec', 'endpoints')).toEqual([
    { port: 'http-admin', path: '/metrics', interval: '15s', scrapeTimeout: '10s' },
  ]);
});

it('names every receiver by a key of a Secret', () => {
  const page = [
    Receiver.pagerDuty({ routingKey: key('pager') }),
    Receiver.slack({ urlSecret: key('slack'), channel: '#gateway' }),
    Receiver.webhook({ urlSecret: key('hook') }),
  ];
  const alerting = { page, ticket: page };
  const manifests = gatewayManifests({ monitoring: Monitoring.prometheus({ alerting }) });
  const receivers = at(only(manifests, 'AlertmanagerConfig'), 'spec', 'receivers') as Manifest[];
  expect(receivers.map(({ name }) => name)).toEqual(['page', 'ticket', 'watchdog']);
  expect(receivers[0]).toMatchObject({
    pagerdutyConfigs: [{ routingKey: { name: 'alerting', key: 'pager' } }],
    slackConfigs: [{ apiURL: { name: 'alerting', key: 'slack' }, channel: '#gateway' }],
    webhookConfigs: [{ urlSecret: { name: 'alerting', key: 'hook' } }],
  });
  expect(receivers[2]).toEqual({ name: 'watchdog' });
});

it("Scrape.plain() writes two files in the place of the operator's objects", () => {
  const manifests = gatewayManifests({ monitoring: Monitoring.prometheus({ scrape: Scrape.plain() }) });
  const kinds = manifests.map(({ kind }) => kind);
  for (const kind of ['ServiceMonitor', 'PodMonitor', 'PrometheusRule']) expect(kinds).not.toContain(kind);
  const { data } = only(manifests, 'ConfigMap', 'ai-gateway-prometheus') as unknown as {
    data: Record<string, string>;
  };
  const withOperator = only(gatewayManifests(), 'PrometheusRule');
  expect(parse(data['rules.yaml']!)).toEqual({ groups: at(withOperator, 'spec', 'groups') });
  expect(Object.keys(data).sort()).toEqual(['rules.yaml', 'scrape.yaml']);
});

it.each<[what: string, input: unknown, path: string, rule: RegExp]>([
  [
    'a key in the place of its Secret',
    {
      page: [{ kind: 'pager-duty', routingKey: 'R0UT1NGK3Y' }],
      ticket: [Receiver.webhook({ urlSecret: key('a') })],
    },
    'alerting.page[0].routingKey',
    /a literal would stand in the manifests/,
  ],
  [
    'an address in the place of its Secret',
    {
      page: [Receiver.webhook({ urlSecret: key('a') })],
      ticket: [{ kind: 'webhook', urlSecret: 'https://hooks.test/T0KEN' }],
    },
    'alerting.ticket[0].urlSecret',
    /a literal would stand in the manifests/,
  ],
  [
    'nobody to be woken',
    { page: [], ticket: [Receiver.webhook({ urlSecret: key('a') })] },
    'alerting.page',
    /nobody would be woken/,
  ],
  [
    'a channel that is none',
    {
      page: [Receiver.webhook({ urlSecret: key('a') })],
      ticket: [Receiver.slack({ urlSecret: key('a'), channel: 'gateway' })],
    },
    'alerting.ticket[0].channel',
    /must be a channel/,
  ],
  [
    'a name that no Secret has',
    { page: [Receiver.webhook({ urlSecret: { secret: 'No Name', key: 'a' } })], ticket: [] },
    'alerting.page[0].urlSecret.secret',
    /lower-case/,
  ],
])('%s is refused', (_what, alerting, path, rule) => {
  const { problems, message } = refusalOf({ alerting } as MonitoringInput);
  expect(problems.find((problem) => problem.path === path)).toMatchObject({
    rule: expect.stringMatching(rule),
    fix: expect.stringMatching(/\w/),
  });
  expect(message).not.toMatch(/R0UT1NGK3Y|T0KEN/);
});

it('routes are refused where no operator reads them, and so is a way of scraping that does not exist', () => {
  const page = [Receiver.webhook({ urlSecret: key('a') })];
  const { problems } = refusalOf({ scrape: Scrape.plain(), alerting: { page, ticket: page } });
  expect(problems).toMatchObject([{ path: 'alerting', rule: expect.stringMatching(/nobody would read it/) }]);
  expect(refusalOf({ scrape: { kind: 'other' } as unknown as Scrape }).problems).toMatchObject([
    { path: 'scrape.kind' },
  ]);
});

it('a custom alert may ask for the labels that its scrape gives, and for no others', () => {
  const custom = (label: string) => [
    {
      alert: 'Custom',
      expr: `count by (${label}) (up) > 1`,
      severity: 'warning' as const,
      summary: 'So.',
      description: 'So.',
      runbookUrl: 'https://x.test',
    },
  ];
  const attached = (scrape: Scrape, label: string, region?: string) => () =>
    gatewayManifests({ region, monitoring: Monitoring.prometheus({ scrape, customAlerts: custom(label) }) });
  expect(attached(Scrape.serviceMonitor(), 'service')).not.toThrow();
  expect(attached(Scrape.podMonitor(), 'service')).toThrow(/no series here has service/);
  expect(attached(Scrape.plain(), 'endpoint')).toThrow(/no series here has endpoint/);
  expect(attached(Scrape.serviceMonitor(), 'region', 'edge-1')).not.toThrow();
  expect(attached(Scrape.serviceMonitor(), 'region')).toThrow(/no series here has region/);
});

function refusalOf(input: MonitoringInput): InvalidInput {
  try {
    Monitoring.prometheus(input);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

import { ApiObject, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import {
  type AiGatewayProps,
  Autoscaling,
  type Identity,
  Monitoring,
  Network,
  Secrets,
  Slo,
  type WorkloadRef,
} from '../../charts';
import type { CpuAutoscalingInput, MonitoringInput } from '../../charts';
import { at, gatewayManifests, minimalProps, only } from './gateway-chart';

it('Autoscaling.cpu wires every input', () => {
  const input: Required<CpuAutoscalingInput> = { minReplicas: 4, maxReplicas: 44, targetCpuPercent: 33 };
  const manifests = gatewayManifests({ autoscaling: Autoscaling.cpu(input) });
  expect(at(only(manifests, 'HorizontalPodAutoscaler'), 'spec')).toMatchObject({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ai-gateway' },
    minReplicas: 4,
    maxReplicas: 44,
    metrics: [{ containerResource: { target: { type: 'Utilization', averageUtilization: 33 } } }],
    behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 300 } },
  });
});

it.each([
  [
    'Autoscaling.cpu',
    () => Autoscaling.cpu({ minReplicas: 5, maxReplicas: 4 }),
    /minReplicas: found 5\..*maxReplicas \(4\)/,
  ],
  ['Autoscaling.fixed', () => Autoscaling.fixed(0), /found 0\. Rule: must be at least 1/],
  [
    'Secrets.existing',
    () => Secrets.existing('No Name'),
    /\(whole\): found "No Name"\. Rule: must be 1 to 63 lower-case/,
  ],
  [
    'Network.policies',
    () => Network.policies({ egress: [{ cidr: '10.0.0.1/8', port: 443 }] }),
    /egress\[0\]\.cidr: found "10\.0\.0\.1\/8"/,
  ],
  [
    'Monitoring.prometheusOperator',
    () => Monitoring.prometheusOperator({ scrapeInterval: Duration.millis(1500) }),
    /scrapeInterval: found "1 second 500 millis"\..*whole number/,
  ],
  [
    'Monitoring.prometheusOperator',
    () => Monitoring.prometheusOperator({ labels: { owner: 'other' } }),
    /labels\.owner: found "other"\..*already/,
  ],
  [
    'Monitoring.prometheusOperator',
    () => Monitoring.prometheusOperator({ labels: { 'no name': 'other' } }),
    /labels.*no name.*: found "other"\..*API server would refuse/,
  ],
  [
    'Monitoring.prometheusOperator',
    () => Monitoring.prometheusOperator({ labels: { release: 'no value' } }),
    /labels\.release: found "no value"\..*1 to 63 letters/,
  ],
])('%s refuses a wrong value where it is written', (_name, make, message) => {
  expect(make).toThrow(message);
});

it.each([Autoscaling.cpu(), Autoscaling.fixed(3)])(
  'any autoscaling bounds disruption without a deadlock',
  (autoscaling) => {
    expect(at(only(gatewayManifests({ autoscaling }), 'PodDisruptionBudget'), 'spec')).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  },
);

it('Monitoring.prometheusOperator wires every input', () => {
  const input: Required<MonitoringInput> = {
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
  const manifests = gatewayManifests({ monitoring: Monitoring.prometheusOperator(input) });
  for (const kind of ['ServiceMonitor', 'PrometheusRule']) {
    expect(at(only(manifests, kind), 'metadata', 'labels')).toMatchObject({
      'app.kubernetes.io/instance': 'ai-gateway',
      release: 'kube-prometheus-stack',
    });
  }
  expect(at(only(manifests, 'Deployment'), 'metadata', 'labels')).not.toHaveProperty('release');
  expect(at(only(manifests, 'ServiceMonitor'), 'spec')).toEqual({
    selector: {
      matchLabels: { 'app.kubernetes.io/name': 'ai-gateway', 'app.kubernetes.io/instance': 'ai-gateway' },
    },
    // A timeout above the interval is refused by Prometheus.
    endpoints: [{ port: 'http-admin', path: '/metrics', interval: '7s', scrapeTimeout: '7s' }],
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
      labels: { severity: 'warning', namespace: 'ai-gateway' },
      annotations: {
        summary: 'Many connections.',
        description: '{{ $value }} connections.',
        runbook_url: 'https://runbooks.example.com/connections',
      },
    },
  ]);
});

it('Secrets.none refuses a configuration that needs files', () => {
  const config: AiGatewayProps['config'] = {
    ...minimalProps.config,
    providers: [
      { name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1', apiKeyFile: 'openai-key' },
    ],
  };
  expect(() => gatewayManifests({ config })).toThrow(
    /openai-key.*would refuse to start.*Fix: choose Secrets\.existing/,
  );
});

describe('A part of your own', () => {
  class ByQueue extends Autoscaling {
    readonly minReplicas = 5;
    readonly maxReplicas = 50;
    readonly statedReplicas = undefined;
    override attach(scope: Construct, workload: WorkloadRef): void {
      new ApiObject(scope, 'scaler', {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: workload.name, namespace: workload.namespace },
      });
    }
  }
  class Open extends Network {
    readonly ingressNamespace = 'edge';
    readonly monitoringNamespace = 'watch';
    override attach(scope: Construct, workload: WorkloadRef): void {
      new k8s.KubeConfigMap(scope, 'note', {
        metadata: { name: `${workload.name}-network`, namespace: workload.namespace },
      });
    }
  }
  class Plain extends Monitoring {
    override attach(scope: Construct, workload: WorkloadRef): void {
      new k8s.KubeConfigMap(scope, 'scrape', {
        metadata: { name: `${workload.name}-scrape`, namespace: workload.namespace },
        data: { port: String(workload.ports.admin.number) },
      });
    }
  }
  class Vault extends Secrets {
    override attach(scope: Construct, identity: Identity, files: readonly string[]): string {
      new ApiObject(scope, 'external', {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: `${identity.name}-vault`, namespace: identity.namespace },
        spec: { data: files.map((secretKey) => ({ secretKey })) },
      });
      return `${identity.name}-vault`;
    }
  }
  const manifests = gatewayManifests({
    autoscaling: new ByQueue(),
    network: new Open(),
    monitoring: new Plain(),
    secrets: new Vault(),
    config: {
      ...minimalProps.config,
      providers: [
        { name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1', apiKeyFile: 'openai-key' },
      ],
    },
  });

  it('replaces the built-in one as a whole', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'ConfigMap',
      'ConfigMap',
      'Deployment',
      'ExternalSecret',
      'Namespace',
      'PriorityClass',
      'ScaledObject',
      'Service',
      'ServiceAccount',
    ]);
  });

  it('is told what it needs, and its answer is used', () => {
    expect(only(manifests, 'ConfigMap', 'ai-gateway-scrape')).toMatchObject({ data: { port: '9090' } });
    expect(at(only(manifests, 'ExternalSecret'), 'spec', 'data')).toEqual([{ secretKey: 'openai-key' }]);
    const pod = at(only(manifests, 'Deployment'), 'spec', 'template', 'spec');
    expect(pod).toMatchObject({
      topologySpreadConstraints: [{ whenUnsatisfiable: 'DoNotSchedule' }, {}],
      volumes: expect.arrayContaining([
        expect.objectContaining({ secret: expect.objectContaining({ secretName: 'ai-gateway-vault' }) }),
      ]),
    });
  });
});

/** `npm run typecheck` fails where one part could stand in the place of another, since their shapes alone are alike. */
export const partsAreApart: Monitoring extends Network ? never : true = true;

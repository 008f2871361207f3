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
  type WorkloadRef,
} from '../../charts';
import type { CpuAutoscalingInput } from '../../charts';
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
    'Monitoring.prometheus',
    () => Monitoring.prometheus({ scrapeInterval: Duration.millis(1500) }),
    /scrapeInterval: found "1 second 500 millis"\..*whole number/,
  ],
  [
    'Monitoring.prometheus',
    () => Monitoring.prometheus({ labels: { owner: 'other' } }),
    /labels\.owner: found "other"\..*already/,
  ],
  [
    'Monitoring.prometheus',
    () => Monitoring.prometheus({ labels: { 'no name': 'other' } }),
    /labels.*no name.*: found "other"\..*API server would refuse/,
  ],
  [
    'Monitoring.prometheus',
    () => Monitoring.prometheus({ labels: { release: 'no value' } }),
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

import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { parse } from 'yaml';
import { type AiGatewayProps, Autoscaling, Entry, Monitoring, Network, Secrets } from '../../charts';
import { at, gatewayManifests, only } from './gateway-chart';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Every prop, each with a value that no default has. */
const everyProp: Required<AiGatewayProps> = {
  name: 'edge',
  namespace: 'edge-space',
  region: 'edge-1',
  environment: 'canary',
  owner: 'team-edge',
  labels: { 'example.com/cell': 'edge' },
  zones: 9,
  hosts: ['eu-west-1.llm.example.org', 'llm.example.org'],
  image: { registry: 'registry.example.com:5000', repository: 'edge/gateway', tag: 'v9.8.7', digest },
  exceptions: [{ id: 'image-unreleased', reason: 'none needed', expires: '2030-01-01' }],
  logLevel: 'trace',
  resources: {
    cpu: { request: Cpu.millis(111), limit: Cpu.units(3) },
    memory: { request: Size.mebibytes(222), limit: Size.gibibytes(5) },
    ephemeralStorage: { request: Size.mebibytes(33), limit: Size.mebibytes(44) },
  },
  config: {
    version: 1,
    providers: [{ name: 'groq', kind: 'openai', baseUrl: 'https://api.groq.com/v1', apiKeyFile: 'groq-key' }],
    models: [{ name: 'fast', targets: [{ provider: 'groq', model: 'llama-fast' }] }],
    tenants: [{ name: 'search', keys: [{ sha256: 'b'.repeat(64) }], models: ['fast'] }],
    limits: { maxBodyBytes: 4096 },
  },
  autoscaling: Autoscaling.fixed(7),
  network: Network.policies({ ingressNamespace: 'edge-ingress' }),
  entry: Entry.gatewayApi({
    gatewayClass: 'eg',
    certificate: { issuer: 'edge-ca' },
  }),
  monitoring: Monitoring.none(),
  secrets: Secrets.existing('edge-keys'),
};

describe('A gateway with every prop set', () => {
  const manifests = gatewayManifests(everyProp);
  const deployment = only(manifests, 'Deployment');
  const pod = at(deployment, 'spec', 'template', 'spec');
  const container = at(deployment, 'spec', 'template', 'spec', 'containers', 0);

  it('is named and labelled by them', () => {
    expect(deployment).toMatchObject({
      metadata: {
        name: 'edge',
        namespace: 'edge-space',
        labels: {
          'app.kubernetes.io/instance': 'edge',
          'app.kubernetes.io/version': 'v9.8.7',
          environment: 'canary',
          owner: 'team-edge',
          'example.com/cell': 'edge',
        },
      },
    });
    expect(only(manifests, 'Namespace')).toMatchObject({ metadata: { name: 'edge-space' } });
  });

  it('is spread as strictly as there are pods for its zones', () => {
    expect(at(deployment, 'spec', 'template', 'spec', 'topologySpreadConstraints', 0)).toMatchObject({
      whenUnsatisfiable: 'ScheduleAnyway',
    });
  });

  it('runs the image by tag and digest', () => {
    expect(container).toMatchObject({ image: `registry.example.com:5000/edge/gateway:v9.8.7@${digest}` });
  });

  it('has the log level and the resources', () => {
    expect(container).toMatchObject({
      env: expect.arrayContaining([
        { name: 'LOG_LEVEL', value: 'trace' },
        { name: 'GATEWAY_REGION', value: 'edge-1' },
      ]),
      resources: {
        requests: { cpu: '111m', memory: '222Mi', 'ephemeral-storage': '33Mi' },
        limits: { cpu: '3', memory: '5Gi', 'ephemeral-storage': '44Mi' },
      },
    });
    expect(pod).toMatchObject({
      volumes: expect.arrayContaining([{ name: 'temporary', emptyDir: { sizeLimit: '44Mi' } }]),
    });
  });

  it('carries the configuration as given, defaults filled in', () => {
    const text = at(only(manifests, 'ConfigMap'), 'data', 'gateway.yaml') as string;
    expect(parse(text)).toMatchObject({ ...everyProp.config, access: 'keys' });
  });

  it('mounts the Secret as a folder of files', () => {
    expect(pod).toMatchObject({
      volumes: expect.arrayContaining([
        { name: 'secrets', secret: { secretName: 'edge-keys', defaultMode: 0o440 } },
      ]),
    });
    expect(container).toMatchObject({
      volumeMounts: expect.arrayContaining([
        { name: 'secrets', mountPath: '/etc/gateway/secrets', readOnly: true },
      ]),
    });
  });

  it('has the parts that were chosen', () => {
    expect(deployment).toMatchObject({ spec: { replicas: 7 } });
    expect(manifests.map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
    expect(manifests.map(({ kind }) => kind)).not.toContain('ServiceMonitor');
    expect(JSON.stringify(only(manifests, 'NetworkPolicy', 'edge'))).toContain('"edge-ingress"');
    expect(at(only(manifests, 'HTTPRoute'), 'spec', 'hostnames')).toEqual([
      'eu-west-1.llm.example.org',
      'llm.example.org',
    ]);
  });
});

describe('Without an exception', () => {
  const image = { repository: 'api-gateway', tag: 'v1' };

  it('an image without a digest is refused', () => {
    expect(() => gatewayManifests({ image })).toThrow(/image\.digest: found nothing\..*Fix: add the digest/);
  });

  it('and with one it is not', () => {
    const exceptions = [{ id: 'image-unreleased', reason: 'not built', expires: '2030-01-01' }] as const;
    expect(
      at(
        only(gatewayManifests({ image, exceptions }), 'Deployment'),
        'spec',
        'template',
        'spec',
        'containers',
        0,
      ),
    ).toMatchObject({ image: 'api-gateway:v1' });
  });
});

it('names everything that is wrong at once', () => {
  const wrong = {
    owner: 'Team Edge!',
    name: 'x'.repeat(51),
    resources: { cpu: { request: Cpu.millis(-5) }, memory: { request: Size.gibibytes(3) } },
    surprise: true,
  };
  for (const path of [
    'owner',
    'name',
    'resources\\.cpu\\.request',
    'resources\\.memory\\.request',
    'surprise',
  ]) {
    expect(() => gatewayManifests(wrong)).toThrow(new RegExp(`^  ${path}: found`, 'm'));
  }
});

it('refuses an entry without a name', () => {
  const entry = Entry.istio({ certificate: { clusterIssuer: 'ca' } });
  expect(() => gatewayManifests({ entry })).toThrow(/hosts: found nothing\..*answers to nobody/);
});

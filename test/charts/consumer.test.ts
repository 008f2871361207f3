import { k8s } from 'cdk8s-plus-28';
import { defineEnvironment, Entry, GatewayConsumer, synthesize } from '../../charts';
import { base, deployment, environment, raw } from './consumer-support';
import { at, chartManifests, only } from './gateway-chart';

const container = (manifest: object, index = 0) =>
  at(manifest as Record<string, unknown>, 'spec', 'template', 'spec', 'containers', index) as Record<
    string,
    unknown
  >;

const direct = [
  { name: 'OPENAI_BASE_URL', value: 'http://ai-gateway.llm.svc:8080/v1' },
  { name: 'ANTHROPIC_BASE_URL', value: 'http://ai-gateway.llm.svc:8080' },
  { name: 'AI_GATEWAY_KEY_FILE', value: '/etc/ai-gateway/gateway-key' },
  { name: 'CHAT_MODEL', value: 'small' },
];
const mount = { name: 'ai-gateway-key', mountPath: '/etc/ai-gateway', readOnly: true };

describe('A Deployment of cdk8s-plus', () => {
  const manifests = chartManifests((chart) => {
    new GatewayConsumer(chart, 'llm', {
      ...base,
      models: { CHAT_MODEL: 'small' },
      workload: deployment(chart),
    });
  });
  const workload = only(manifests, 'Deployment');

  it('is told where the gateway is, and which model it may ask for', () => {
    expect(container(workload)['env']).toEqual(direct);
  });

  it('is told to speak TLS where the gateway does', () => {
    const { config } = environment;
    const tls = { certFile: 'tls-crt', keyFile: 'tls-key' };
    const served = defineEnvironment({
      ...environment,
      entry: Entry.none(),
      secrets: { existing: 'ai-gateway' },
      config: { ...config, tls },
    });
    const objects = chartManifests((chart) => {
      new GatewayConsumer(chart, 'llm', { ...base, environment: served, workload: deployment(chart) });
    });
    expect(container(only(objects, 'Deployment'))['env']).toContainEqual({
      name: 'OPENAI_BASE_URL',
      value: 'https://ai-gateway.llm.svc:8080/v1',
    });
  });

  it('has the key as a file, in a folder that follows a rotation', () => {
    expect(container(workload)['volumeMounts']).toEqual([mount]);
    expect(at(workload, 'spec', 'template', 'spec', 'volumes')).toEqual([
      { name: 'ai-gateway-key', secret: { secretName: 'search-keys' } },
    ]);
  });

  it('may ask for names and reach the gateway, and is let in there', () => {
    const policy = only(manifests, 'NetworkPolicy');
    expect(policy).toMatchObject({
      metadata: { name: 'indexer-ai-gateway', namespace: 'search', labels: { owner: 'team-search' } },
      spec: {
        podSelector: { matchLabels: at(workload, 'spec', 'selector', 'matchLabels') },
        policyTypes: ['Egress'],
        egress: [
          {
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
          {
            to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'llm' } } }],
            ports: [{ protocol: 'TCP', port: 8080 }],
          },
        ],
      },
    });
    const { manifests: gateway } = synthesize(environment).folders[0]!;
    expect(at(only(gateway, 'NetworkPolicy', 'ai-gateway'), 'spec', 'ingress')).toContainEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'search' } } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
    });
  });
});

describe('Any object with a pod template', () => {
  it.each([
    ['has nothing of the kind yet', {}, {}, [], [], []],
    [
      'has variables, mounts and volumes of its own',
      { env: [{ name: 'OWN', value: '1' }], volumeMounts: [{ name: 'own', mountPath: '/own' }] },
      { volumes: [{ name: 'own', emptyDir: {} }] },
      [{ name: 'OWN', value: '1' }],
      [{ name: 'own', mountPath: '/own' }],
      [{ name: 'own', emptyDir: {} }],
    ],
  ])('is given the same where it %s', (_what, own, pod, variables, mounts, volumes) => {
    const manifests = chartManifests((chart) => {
      const workload = raw(chart, own, pod);
      new GatewayConsumer(chart, 'llm', {
        ...base,
        models: { CHAT_MODEL: 'small' },
        workload,
        container: 'app',
      });
    });
    const owner = only(manifests, 'StatefulSet');
    expect(container(owner, 1)).toMatchObject({
      env: [...variables, ...direct],
      volumeMounts: [...mounts, mount],
    });
    expect(container(owner, 0)).toEqual({ name: 'proxy' });
    expect(at(owner, 'spec', 'template', 'spec', 'volumes')).toEqual([
      ...volumes,
      { name: 'ai-gateway-key', secret: { secretName: 'search-keys' } },
    ]);
    expect(at(only(manifests, 'NetworkPolicy'), 'spec', 'podSelector')).toEqual({
      matchLabels: { app: 'indexer' },
    });
  });

  it('may be an L1 object', () => {
    const manifests = chartManifests((chart) => {
      const workload = new k8s.KubeDaemonSet(chart, 'agent', {
        metadata: { name: 'agent', namespace: 'search' },
        spec: {
          selector: { matchLabels: { app: 'agent' } },
          template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent' }] } },
        },
      });
      new GatewayConsumer(chart, 'llm', { ...base, workload, egress: 'open' });
    });
    expect(container(only(manifests, 'DaemonSet'))).toMatchObject({ volumeMounts: [mount] });
    expect(manifests.map(({ kind }) => kind)).not.toContain('NetworkPolicy');
  });
});

it('By the entry it asks at the public host, and may reach the pods of the entry too', () => {
  const manifests = chartManifests((chart) => {
    new GatewayConsumer(chart, 'llm', { ...base, route: 'entry', workload: deployment(chart) });
  });
  expect(container(only(manifests, 'Deployment'))['env']).toEqual(
    expect.arrayContaining([
      { name: 'OPENAI_BASE_URL', value: 'https://llm.corp.net/v1' },
      { name: 'ANTHROPIC_BASE_URL', value: 'https://llm.corp.net' },
    ]),
  );
  const text = JSON.stringify(at(only(manifests, 'NetworkPolicy'), 'spec', 'egress'));
  expect(text).toContain('"cidr":"0.0.0.0/0"');
  expect(text).toContain('"kubernetes.io/metadata.name":"edge"');
  expect(text).not.toContain('"llm"');
});

it('A key of the External Secrets operator is made beside the workload', () => {
  const roleArn = 'arn:aws:iam::111122223333:role/search';
  const manifests = chartManifests((chart) => {
    const key = { externalSecrets: { aws: { region: 'eu-west-1', roleArn } } };
    new GatewayConsumer(chart, 'llm', { ...base, key, workload: deployment(chart) });
  });
  expect(only(manifests, 'ExternalSecret')).toMatchObject({
    metadata: { name: 'indexer-ai-gateway', namespace: 'search' },
    spec: {
      data: [
        { secretKey: 'gateway-key', remoteRef: { key: 'blue/search/gateway-key', property: 'value' } },
        { secretKey: 'gateway-key.issued' },
      ],
    },
  });
  expect(only(manifests, 'SecretStore')).toMatchObject({ metadata: { namespace: 'search' } });
  expect(at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'volumes')).toEqual([
    { name: 'ai-gateway-key', secret: { secretName: 'indexer-ai-gateway' } },
  ]);
});

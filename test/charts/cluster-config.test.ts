import { parse } from 'yaml';
import { parseRuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { type AiGatewayProps, Autoscaling, Network, Secrets } from '../../charts';
import { at, gatewayManifests, minimalProps, only } from './gateway-chart';

type Config = AiGatewayProps['config'];

const gateway = (config: Partial<Config>, props: Partial<AiGatewayProps> = {}) =>
  gatewayManifests({ config: { ...minimalProps.config, ...config }, ...props });

const configFileOf = (manifests: ReturnType<typeof gatewayManifests>) =>
  parse(at(only(manifests, 'ConfigMap', 'ai-gateway'), 'data', 'gateway.yaml') as string) as Record<
    string,
    unknown
  >;

const egressOf = (config: Partial<Config>) =>
  at(only(gateway(config), 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress');

const redis = (host: string) => ({ kind: 'redis', host }) as const;
const limits = { global: { requestsPerSecond: 5 } };

describe('A store that all replicas share', () => {
  it.each([
    [Autoscaling.cpu({ maxReplicas: 33 }), 33],
    [Autoscaling.fixed(7), 7],
  ])('is told how many replicas there may be by whoever scales them', (autoscaling, maxReplicas) => {
    expect(configFileOf(gateway({ store: redis('redis') }, { autoscaling }))).toMatchObject({
      store: { kind: 'redis', host: 'redis', port: 6379, maxReplicas },
    });
  });

  it.each([
    ['redis.gateway-store.svc.cluster.local', { namespaceSelector: name('gateway-store') }],
    ['Redis.Gateway-Store.svc', { namespaceSelector: name('gateway-store') }],
    ['redis', { namespaceSelector: name('ai-gateway') }],
    ['10.1.2.3', { ipBlock: { cidr: '10.1.2.3/32' } }],
    ['fd00::7', { ipBlock: { cidr: 'fd00::7/128' } }],
    ['cache.example.com', { ipBlock: expect.objectContaining({ cidr: '0.0.0.0/0' }) as unknown }],
  ])('at %s is let through the network, on its port alone', (host, peer) => {
    const provider = { name: 'openai', kind: 'openai', baseUrl: 'https://10.9.9.9/v1' } as const;
    const providers = [provider];
    const before = egressOf({ providers }) as unknown[];
    const after = egressOf({ providers, store: { ...redis(host), port: 6380 } }) as unknown[];
    expect(after).toHaveLength(before.length + 1);
    expect(after).toEqual(
      expect.arrayContaining([...before, { to: [peer], ports: [{ protocol: 'TCP', port: 6380 }] }]),
    );
  });

  it('brings new pods when it changes, since a running one refuses to change it', () => {
    const deployment = (store: Config['store']) => only(gateway({ ...(store && { store }) }), 'Deployment');
    expect(deployment(redis('a'))).toEqual(deployment(redis('a')));
    expect(deployment(redis('b'))).not.toEqual(deployment(redis('a')));
    expect(deployment(undefined)).not.toEqual(deployment(redis('a')));
  });

  it('needs the file of its password', () => {
    const store = { ...redis('redis'), passwordFile: 'redis-password' };
    expect(() => gateway({ store })).toThrow(/redis-password.*Secrets\.none\(\)/);
    expect(JSON.stringify(gateway({ store }, { secrets: Secrets.existing('files') }))).toContain(
      '"secretName":"files"',
    );
  });
});

describe('A store in the process', () => {
  it('keeps no limits of several replicas, since each would admit the whole of them', () => {
    expect(() => gateway({ limits })).toThrow(
      /config\.store\.kind: found nothing\. Rule: must not be "memory" where up to 20 replicas .*limits\.global/,
    );
    const tenants = [{ name: 'a', keys: [{ sha256: 'a'.repeat(64) }], limits: { concurrentStreams: 1 } }];
    expect(() => gateway({ tenants })).toThrow(/tenants\[0\]\.limits/);
  });

  it('is enough for a single replica, and where nothing is counted', () => {
    expect(configFileOf(gateway({ limits }, { autoscaling: Autoscaling.fixed(1) }))).toMatchObject({
      limits,
    });
    expect(configFileOf(gateway({ limits: { maxBodyBytes: 2048, global: {} } }))).toMatchObject({
      store: { kind: 'memory' },
    });
  });
});

describe('The operators’ interface', () => {
  const admin = { tokenFile: 'admin-token', allowlist: ['10.20.0.0/16'] };
  const secrets = Secrets.existing('files');

  it('opens nothing: it stays off the entry, and the admin port is for Prometheus', () => {
    const policy = (config: Partial<Config>) =>
      only(
        gateway(config, { secrets, network: Network.policies({ monitoringNamespace: 'watch' }) }),
        'NetworkPolicy',
        'ai-gateway',
      );
    expect(policy({ admin })).toEqual(policy({}));
    expect(at(policy({ admin }), 'spec', 'ingress', 1)).toEqual({
      from: [{ namespaceSelector: name('watch') }],
      ports: [{ protocol: 'TCP', port: 9090 }],
    });
  });

  it('needs the file of its token', () => {
    expect(() => gateway({ admin })).toThrow(/admin-token.*Secrets\.none\(\)/);
  });
});

it('carries its own name into its audit chain: the pod keeps the host name that is its name', () => {
  const pod = at(only(gateway({}), 'Deployment'), 'spec', 'template', 'spec');
  for (const field of ['hostname', 'hostNetwork', 'subdomain', 'setHostnameAsFQDN']) {
    expect(pod).not.toHaveProperty(field);
  }
});

function name(namespace: string) {
  return { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}

it('A member that is given as undefined is left out: the gateway would refuse null', () => {
  const [provider] = minimalProps.config.providers;
  const config = configFileOf(
    gateway({ providers: [{ ...provider!, caFile: undefined, apiKeyFile: undefined }] }),
  );
  expect(() => parseRuntimeConfig(config, 'gateway.yaml', 'The gateway does not start.')).not.toThrow();
  expect(JSON.stringify(config)).not.toContain('null');
});

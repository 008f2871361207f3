import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  type AiGatewayProps,
  type InClusterStoreInput,
  Secrets,
  Store,
  validateManifests,
} from '../../charts';
import { at, gatewayManifests, minimalProps, only } from './gateway-chart';

const input: Required<InClusterStoreInput> = {
  image: {
    registry: 'registry.example.com',
    repository: 'valkey',
    tag: '8.1',
    digest: `sha256:${'b'.repeat(64)}`,
  },
  passwordFile: 'store-password',
  cpu: Cpu.millis(250),
  memory: Size.mebibytes(64),
};

const withStore = (store: AiGatewayProps['config']['store']) =>
  gatewayManifests({
    image: { ...minimalProps.image, registry: 'registry.example.com' },
    config: {
      ...minimalProps.config,
      limits: { global: { requestsPerSecond: 5 } },
      ...(store && { store }),
    },
    secrets: Secrets.existing('files'),
  });

const manifests = withStore(Store.inCluster(input));
const container = at(only(manifests, 'StatefulSet'), 'spec', 'template', 'spec', 'containers', 0);
const connection = (objects: typeof manifests) =>
  (
    parse(at(only(objects, 'ConfigMap', 'ai-gateway'), 'data', 'gateway.yaml') as string) as {
      store: unknown;
    }
  ).store;

it('wires every input of an in-cluster store', () => {
  expect(container).toMatchObject({
    image: `registry.example.com/valkey:8.1@sha256:${'b'.repeat(64)}`,
    command: ['sh', '-c', expect.stringContaining('< /etc/store-secrets/store-password')],
    resources: {
      requests: { cpu: '250m', memory: '64Mi', 'ephemeral-storage': '131072Ki' },
      limits: { cpu: '250m', memory: '64Mi', 'ephemeral-storage': '131072Ki' },
    },
  });
  expect(at(only(manifests, 'ConfigMap', 'ai-gateway-store'), 'data', 'store.conf')).toContain(
    `maxmemory ${48 * 1024 * 1024}\n`,
  );
  expect(connection(manifests)).toEqual({
    kind: 'redis',
    host: 'ai-gateway-store',
    port: 6379,
    tls: false,
    passwordFile: 'store-password',
    timeoutMs: 50,
    maxReplicas: 20,
    keyPrefix: 'gateway',
  });
});

it('mounts no other secret than the password, and that as a file', () => {
  expect(at(only(manifests, 'StatefulSet'), 'spec', 'template', 'spec', 'volumes')).toContainEqual({
    name: 'secrets',
    secret: {
      secretName: 'files',
      defaultMode: 0o440,
      items: [{ key: 'store-password', path: 'store-password' }],
    },
  });
});

it('lets the pods of the gateway in, nobody else, and nobody out', () => {
  expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway-store'), 'spec')).toEqual({
    podSelector: {
      matchLabels: {
        'app.kubernetes.io/name': 'ai-gateway-store',
        'app.kubernetes.io/instance': 'ai-gateway-store',
      },
    },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [
          {
            podSelector: {
              matchLabels: {
                'app.kubernetes.io/name': 'ai-gateway',
                'app.kubernetes.io/instance': 'ai-gateway',
              },
            },
          },
        ],
        ports: [{ protocol: 'TCP', port: 6379 }],
      },
    ],
  });
  expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress')).toContainEqual({
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ai-gateway' } } }],
    ports: [{ protocol: 'TCP', port: 6379 }],
  });
});

it('keeps the policy', () => {
  expect(validateManifests(manifests)).toEqual([]);
});

it('a managed store adds no object, only how it is reached', () => {
  const managed = withStore(Store.managed({ host: 'redis.db.svc', port: 6380 }));
  expect(managed.some(({ kind }) => kind === 'StatefulSet')).toBe(false);
  expect(connection(managed)).toMatchObject({
    kind: 'redis',
    host: 'redis.db.svc',
    port: 6380,
    maxReplicas: 20,
  });
});

it('the memory store is refused where replicas share limits', () => {
  expect(() => withStore(Store.memory())).toThrow(/must not be "memory" where up to 20 replicas/);
});

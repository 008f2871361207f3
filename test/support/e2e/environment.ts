import { createHash, randomBytes } from 'node:crypto';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import production from '../../../charts/config/environments/production';
import { Store } from '../../../charts/config/store';
import type { EnvironmentInput, ImageInput } from '../../../charts/config/types';

/** The one region that is applied. */
export const region = 'us-east-1';

export const gatewayNamespace = production.namespace ?? '';

/** Where the model server of the configuration lives. Plain HTTP: no pod has a certificate that the gateway trusts. */
export const modelServer = { namespace: 'production', name: 'model-server', port: 443 } as const;

export const providerKeyFile = 'in-cluster-api-key';

export const storePasswordFile = 'redis-password';

/** Model of the reference configuration that the model server answers. */
export const model = 'llama-3.3-70b';

/** The key of the only tenant, made anew for each run. */
export const clientKey = `gw-${randomBytes(32).toString('base64url')}`;

/** Every field in which the environment of this test differs from the reference, with the reason. */
export const differences: Readonly<Record<string, string>> = {
  image: 'GATEWAY_IMAGE names what is loaded in the cluster',
  'resources.cpu.request':
    'five pods fit a node of 2 cores, and little load reaches the target of the autoscaler',
  'resources.cpu.limit': 'one pod leaves room for the others',
  'resources.memory.request': 'five pods fit a small node',
  'resources.memory.limit': 'five pods fit a small node',
  'autoscaling.maxReplicas': 'five pods fit the node',
  'config.providers.0.baseUrl':
    'plain HTTP on the same host and port: the scripted model server has no certificate',
  'config.providers.0.caFile': 'without a certificate there is no authority',
  'config.providers.0.apiKeyFile': 'a Secret that can be rotated',
  'config.store': 'one that can be taken away, of the image that STORE_IMAGE names',
  'config.tenants': 'a client needs a key',
  backup: 'no operator runs here that would copy anything, and none brings the namespace of Velero',
};

/** What the test changes while the gateway runs. */
export interface Change {
  /** Rolls the pods. */
  readonly logLevel?: 'info' | 'warn';
  /** Another name for the model, added without a roll. */
  readonly alias?: string;
  readonly namespace?: string;
}

/** The reference deployment as this test applies it. */
export function e2eEnvironment({ logLevel, alias, namespace }: Change = {}): EnvironmentInput {
  const { config, backup: _copies, ...others } = production;
  const entry = config.models.find(({ name }) => name === model)!;
  return {
    ...others,
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(namespace === undefined ? {} : { namespace }),
    image: imageOf('GATEWAY_IMAGE') ?? production.image,
    resources: {
      cpu: { request: Cpu.millis(100), limit: Cpu.millis(1000) },
      memory: { request: Size.mebibytes(128), limit: Size.mebibytes(384) },
    },
    autoscaling: { ...production.autoscaling, maxReplicas: 5 },
    config: {
      ...config,
      providers: config.providers.map((provider, index) =>
        index === 0
          ? {
              ...provider,
              caFile: undefined,
              baseUrl: `http://${modelServer.name}.${modelServer.namespace}.svc.cluster.local:${modelServer.port}/v1`,
              apiKeyFile: providerKeyFile,
            }
          : provider,
      ),
      models: alias === undefined ? config.models : [...config.models, { ...entry, name: alias }],
      store: Store.inCluster({
        image: imageOf('STORE_IMAGE') ?? { repository: 'valkey/valkey', tag: '8.1' },
        passwordFile: storePasswordFile,
        cpu: Cpu.millis(100),
        memory: Size.mebibytes(64),
      }),
      tenants: [{ name: 'e2e', keys: [{ sha256: createHash('sha256').update(clientKey).digest('hex') }] }],
    },
  };
}

/** The image that a variable names. */
function imageOf(variable: 'GATEWAY_IMAGE' | 'STORE_IMAGE'): ImageInput | undefined {
  const reference = process.env[variable];
  if (reference === undefined) return undefined;
  const parts = /^(?:([^/]*[.:][^/]*|localhost)\/)?([^:@]+):([^@]+)$/.exec(reference);
  if (parts === null) {
    throw new Error(
      `${variable} is ${reference}, but must be a name and a tag, e.g. registry.example.com/api-gateway:v1.`,
    );
  }
  const [, registry, repository = '', tag = ''] = parts;
  return { repository, tag, ...(registry === undefined ? {} : { registry }) };
}

/** Paths of the fields in which two environments differ. */
export function differingFields(left: unknown, right: unknown, path = ''): string[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  if (!isPlain(left) || !isPlain(right)) return [path];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differingFields(left[key], right[key], path === '' ? key : `${path}.${key}`),
  );
}

/** An object or array of the input, and no unit type. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}

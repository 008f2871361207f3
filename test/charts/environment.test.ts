import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { z } from 'zod';
import {
  Delivery,
  Entry,
  type EnvironmentInput,
  Failover,
  type FailoverInput,
  synthesize,
} from '../../charts';
import production from '../../charts/config/environments/production';
import type { environmentSchema } from '../../charts/config/schema/environment';
import { at, nameOf, only, yaml } from './gateway-chart';

const failover: Required<FailoverInput> = {
  enabled: true,
  healthCheckInterval: Duration.seconds(30),
  autoFailover: true,
  manualApproval: false,
  by: Failover.route53({
    hostedZone: { domain: 'example.org', id: 'ZABC' },
    failureThreshold: 5,
    recordTtl: Duration.seconds(15),
  }),
};

/** Every field, each with a value that neither the reference nor a default has. */
const everyField: Required<EnvironmentInput> = {
  environment: 'blue',
  owner: 'team-blue',
  namespace: 'blue-space',
  image: {
    registry: 'registry.example.org',
    repository: 'blue/gateway',
    tag: 'v3',
    digest: `sha256:${'c'.repeat(64)}`,
  },
  exceptions: [
    {
      id: 'memory-request-equals-limit',
      reason: 'blue reason',
      expires: '2031-01-01',
      object: { kind: 'Deployment', name: 'ai-gateway' },
    },
  ],
  imageRegistries: ['registry.example.org'],
  logLevel: 'warn',
  resources: { cpu: { request: Cpu.millis(250) }, memory: { limit: Size.gibibytes(3) } },
  autoscaling: { maxReplicas: 17, targetCpuPercent: 55 },
  network: { ingressNamespace: 'blue-ingress' },
  entry: Entry.istio({ certificate: { clusterIssuer: 'blue-ca' } }),
  monitoring: { scrapeInterval: Duration.seconds(33) },
  secrets: { existing: 'blue-keys' },
  host: 'llm.eu.example.org',
  regions: {
    near: { region: 'eu-west-1', replicas: 4, priority: 1 },
    far: { region: 'eu-north-1', replicas: 6, priority: 2 },
  },
  failover,
  promises: { requestsPerSecond: 77 },
  backup: { buckets: [], metrics: { url: 'https://blue-metrics.example.org/write' } },
  delivery: Delivery.argoCd({
    repository: 'ssh://git@git.example.org/blue.git',
    clusters: { near: 'blue-near', far: 'blue-far' },
  }),
  config: {
    version: 1,
    providers: [{ name: 'blue-provider', kind: 'openai', baseUrl: 'https://llm.example.org/v1' }],
    models: [{ name: 'blue-model', targets: [{ provider: 'blue-provider', model: 'm' }] }],
  },
};

describe('An environment with every field set', () => {
  const { folders, warnings, policy } = synthesize(everyField, { today: new Date('2030-01-01T00:00:00Z') });
  const near = folders[0]!.manifests;

  it.each([
    ['environment: blue', 'environment'],
    ['owner: team-blue', 'owner'],
    ['namespace: blue-space', 'namespace'],
    ['image: registry.example.org/blue/gateway:v3@sha256:ccc', 'image'],
    ['value: warn', 'logLevel'],
    ['cpu: 250m', 'resources'],
    ['memory: 3Gi', 'resources'],
    ['maxReplicas: 17', 'autoscaling'],
    ['averageUtilization: 55', 'autoscaling'],
    ['minReplicas: 4', 'regions'],
    ['kubernetes.io/metadata.name: blue-ingress', 'network'],
    ['name: blue-ca', 'entry'],
    ['eu-west-1.llm.eu.example.org', 'entry'],
    ['interval: 33s', 'monitoring'],
    ['secretName: blue-keys', 'secrets'],
    ['url: https://blue-metrics.example.org/write', 'backup'],
    ['argocd.argoproj.io/sync-options: Prune=false', 'delivery'],
    ['name: blue-model', 'config'],
  ])('shows "%s" in the manifests, from %s', (text) => {
    expect(yaml(near)).toContain(text);
  });

  it('has the exception among the warnings', () => {
    expect(warnings[0]).toContain('blue reason');
  });

  it('hands the exceptions and registries to the policy', () => {
    const { exceptions, imageRegistries } = everyField;
    expect(policy).toEqual({ exceptions, imageRegistries });
  });

  it('has a folder for each region', () => {
    expect(folders.map(({ name }) => name)).toEqual(['eu-west-1', 'eu-north-1', 'global']);
  });

  it('keeps what belongs to no region in a namespace of its own: deleting it deletes no gateway', () => {
    const global = folders[2]!.manifests;
    const namespace = only(global, 'Namespace');
    expect(namespace).toMatchObject({
      metadata: {
        name: 'blue-space-global',
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    });
    const others = global.filter(
      ({ apiVersion, kind }) => kind !== 'Namespace' && apiVersion !== 'argoproj.io/v1alpha1',
    );
    expect(others.map((manifest) => at(manifest, 'metadata', 'namespace'))).toEqual(
      others.map(() => 'blue-space-global'),
    );
    expect(nameOf(only(global, 'AppProject'))).toBe('blue-space');
    expect(nameOf(only(near, 'Namespace'))).toBe('blue-space');
  });

  it('checks the regional name, never the failover name, which follows the check', () => {
    const global = folders[2]!.manifests;
    expect(only(global, 'HealthCheck', 'ai-gateway-eu-west-1')).toMatchObject({
      spec: {
        healthCheckConfig: {
          type: 'HTTPS',
          port: 443,
          fullyQualifiedDomainName: 'eu-west-1.llm.eu.example.org',
          resourcePath: '/health/ready',
          enableSNI: true,
          requestInterval: 30,
          failureThreshold: 5,
        },
      },
    });
  });

  it('leads clients to the region with the higher priority', () => {
    const records = folders[2]!.manifests.filter(({ kind }) => kind === 'RecordSet');
    expect(records.map((record) => at(record, 'spec'))).toEqual([
      {
        hostedZoneID: 'ZABC',
        // The controller appends the zone's domain.
        name: 'llm.eu',
        recordType: 'CNAME',
        setIdentifier: 'eu-north-1',
        failover: 'PRIMARY',
        healthCheckRef: { from: { name: 'ai-gateway-eu-north-1' } },
        ttl: 15,
        resourceRecords: [{ value: 'eu-north-1.llm.eu.example.org' }],
      },
      expect.objectContaining({ setIdentifier: 'eu-west-1', failover: 'SECONDARY' }),
    ]);
  });

  it('refers to health checks that exist', () => {
    const global = folders[2]!.manifests;
    const checks = global.filter(({ kind }) => kind === 'HealthCheck').map(nameOf);
    const records = global.filter(({ kind }) => kind === 'RecordSet');
    const references = records.map((record) => at(record, 'spec', 'healthCheckRef', 'from', 'name'));
    expect(references).toEqual(checks);
  });
});

it('takes any number of regions where failover is not enabled', () => {
  const regions = Object.fromEntries(
    [1, 2, 3].map((n) => [`r${n}`, { region: `eu-west-${n}`, replicas: 2, priority: n }]),
  );
  const { folders } = synthesize({ ...production, regions, failover: { ...failover, enabled: false } });
  expect(folders.map(({ name }) => name)).toEqual(['eu-west-1', 'eu-west-2', 'eu-west-3']);
});

it('writes nothing global where no failover is given', () => {
  const { environment, owner, image, exceptions, secrets, regions, config } = everyField;
  const { folders } = synthesize({ environment, owner, image, exceptions, secrets, regions, config });
  expect(folders.map(({ name }) => name)).toEqual(['eu-west-1', 'eu-north-1']);
});

/** `npm run typecheck` fails where the schema takes a field that the documented type does not have. */
export const everyFieldIsDocumented: Exclude<
  keyof z.input<typeof environmentSchema>,
  keyof EnvironmentInput
> extends never
  ? true
  : never = true;

describe('A store outside the cluster', () => {
  const store = { kind: 'redis', host: 'cache.example.com' } as const;
  const config = { ...production.config, store };

  it('is warned of, since a name may lead to a private address that stays closed', () => {
    const { warnings } = synthesize({ ...production, config });
    expect(warnings.join('\n')).toMatch(/store\.host is outside .* port 6379 .* cidr/);
  });

  it.each([
    ['its block is named', { network: { egress: [{ cidr: '10.7.0.0/16', port: 6379 }] }, config }],
    ['it is a service of the cluster', { config: { ...config, store: { ...store, host: 'redis.db.svc' } } }],
    ['it is an address', { config: { ...config, store: { ...store, host: '10.7.0.1' } } }],
  ])('is not where %s', (_what, fields) => {
    expect(synthesize({ ...production, ...fields }).warnings.join()).not.toContain('store.host');
  });
});

it.each([
  ['https://runbooks.example.org/gateway', false],
  ['http://runbooks', false],
  ['docs/runbooks', true],
  ['//runbooks.example.org', true],
  ['ftp://runbooks.example.org', true],
])('warns of runbooks at %s that a page could not open: %s', (runbookBaseUrl, warned) => {
  const { warnings } = synthesize({ ...production, monitoring: { runbookBaseUrl } });
  expect(warnings.join().includes(`runbookBaseUrl is ${runbookBaseUrl}`)).toBe(warned);
});

it('is silent about keys where a tenant has one', () => {
  const tenants = [{ name: 'search', keys: [{ sha256: 'd'.repeat(64) }] }];
  const { warnings } = synthesize({ ...production, config: { ...production.config, tenants } });
  expect(warnings.join()).not.toContain('401');
});

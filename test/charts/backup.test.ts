import { Duration } from 'cdk8s';
import { type BackupInput, type EnvironmentInput, type Manifest, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { at, nameOf, only } from './gateway-chart';

const roleArn = 'arn:aws:iam::123456789012:role/copies';

/** Every field, each with a value that neither the reference nor a default has. */
const everyField: Required<BackupInput> = {
  buckets: [
    { name: 'north-copies', region: 'eu-north-1' },
    { name: 'west-copies', region: 'eu-west-1' },
  ],
  objects: { schedule: '5 4 * * 2', retention: Duration.days(21), namespace: 'blue-velero' },
  secrets: { roleArn, interval: Duration.minutes(20) },
  metrics: {
    url: 'https://metrics.example.org:8443/write',
    bearerToken: { secret: 'blue-writer', key: 'blue-token' },
  },
  logs: {
    to: { elasticsearch: { url: 'https://10.9.8.7:9200', apiKey: { secret: 'blue-es', key: 'blue-key' } } },
    roleArn,
    image: 'registry.example.org/collector:9',
  },
};

const regions: EnvironmentInput['regions'] = {
  near: { region: 'eu-west-1', replicas: 3, priority: 2 },
  far: { region: 'eu-north-1', replicas: 3, priority: 1 },
};

const exceptions = production.exceptions!;

function regionsOf(backup: BackupInput, changes: Partial<EnvironmentInput> = {}) {
  const { folders, warnings } = synthesize({ ...production, exceptions, regions, backup, ...changes });
  const manifests = (name: string): readonly Manifest[] =>
    folders.find((folder) => folder.name === name)!.manifests;
  return { near: manifests('eu-west-1'), far: manifests('eu-north-1'), warnings };
}

describe('Objects', () => {
  const { near, far } = regionsOf(everyField);

  it('are backed up by the schedule and kept as long as the input says, without the Secrets', () => {
    expect(only(near, 'Schedule')).toMatchObject({
      metadata: { namespace: 'blue-velero', name: 'ai-gateway' },
      spec: {
        schedule: '5 4 * * 2',
        template: {
          includedNamespaces: ['ai-gateway'],
          excludedResources: expect.arrayContaining(['secrets']),
          storageLocation: 'ai-gateway-eu-west-1',
          ttl: '504h0m0s',
        },
      },
    });
  });

  it('go out of their region, and only there may a region write', () => {
    const locations = (manifests: readonly Manifest[]) =>
      manifests
        .filter(({ kind }) => kind === 'BackupStorageLocation')
        .map((location) => [
          nameOf(location),
          at(location, 'spec', 'accessMode'),
          at(location, 'spec', 'objectStorage'),
        ]);
    const west = { bucket: 'north-copies', prefix: 'copies/production/ai-gateway/objects/eu-west-1' };
    const north = { bucket: 'west-copies', prefix: 'copies/production/ai-gateway/objects/eu-north-1' };
    expect(locations(near)).toEqual([
      ['ai-gateway-eu-west-1', 'ReadWrite', west],
      ['ai-gateway-eu-north-1', 'ReadOnly', north],
    ]);
    expect(locations(far)).toEqual([
      ['ai-gateway-eu-west-1', 'ReadOnly', west],
      ['ai-gateway-eu-north-1', 'ReadWrite', north],
    ]);
  });
});

describe('Secrets', () => {
  const { near, far } = regionsOf(everyField);

  it('are copied file by file to the other region, under the name of the one they come from', () => {
    expect(only(near, 'PushSecret')).toMatchObject({
      spec: {
        refreshInterval: '1200s',
        deletionPolicy: 'None',
        secretStoreRefs: [{ kind: 'SecretStore', name: 'ai-gateway-backup' }],
        selector: { secret: { name: 'ai-gateway-secrets' } },
        data: ['admin-token', 'model-server-ca', 'openai-api-key', 'redis-password'].flatMap((file) => {
          const remoteKey = `copies/production/ai-gateway/secrets/eu-west-1/${file}`;
          return [
            { match: { secretKey: file, remoteRef: { remoteKey, property: 'value' } } },
            { match: { secretKey: `${file}.issued`, remoteRef: { remoteKey, property: 'issued' } } },
          ];
        }),
      },
    });
    expect(at(only(near, 'SecretStore', 'ai-gateway-backup'), 'spec', 'provider', 'aws')).toMatchObject({
      region: 'eu-north-1',
    });
    expect(at(only(far, 'SecretStore', 'ai-gateway-backup'), 'spec', 'provider', 'aws')).toMatchObject({
      region: 'eu-west-1',
    });
    expect(only(near, 'ServiceAccount', 'ai-gateway-backup')).toMatchObject({
      metadata: { annotations: { 'eks.amazonaws.com/role-arn': roleArn } },
      automountServiceAccountToken: false,
    });
  });

  it('go to a store of others instead, and then none is made', () => {
    const other = regionsOf({ ...everyField, secrets: { clusterSecretStore: 'vault-far' } }).near;
    expect(at(only(other, 'PushSecret'), 'spec')).toMatchObject({
      refreshInterval: '3600s',
      secretStoreRefs: [{ kind: 'ClusterSecretStore', name: 'vault-far' }],
    });
    expect(
      other.filter((manifest) => nameOf(manifest) === 'ai-gateway-backup').map(({ kind }) => kind),
    ).toEqual(['PushSecret']);
  });
});

describe('Metrics', () => {
  const { near } = regionsOf(everyField);
  const agent = only(near, 'PrometheusAgent');

  it('are sent on with the region in each series', () => {
    expect(at(agent, 'spec')).toMatchObject({
      externalLabels: { region: 'eu-west-1', environment: 'production' },
      remoteWrite: [
        {
          url: 'https://metrics.example.org:8443/write',
          authorization: { credentials: { name: 'blue-writer', key: 'blue-token' } },
        },
      ],
    });
  });

  it('come from the gateway’s own monitors alone', () => {
    const monitor = only(near, 'ServiceMonitor');
    const selector = at(agent, 'spec', 'serviceMonitorSelector', 'matchLabels');
    expect(at(monitor, 'metadata', 'labels')).toMatchObject(selector as object);
    expect(agent['spec']).not.toHaveProperty('serviceMonitorNamespaceSelector');
  });

  it('are sent by pods that no selector of the gateway takes for its own', () => {
    const labels = at(agent, 'spec', 'podMetadata', 'labels');
    expect(labels).toEqual({ 'cdk8s-ai-gateway/part': 'remote-write' });
    expect(at(only(near, 'Service'), 'spec', 'selector')).not.toEqual({});
  });

  it('reach the gateway, and their receiver by its port', () => {
    const openings = only(near, 'NetworkPolicy', 'ai-gateway-remote-write');
    const ports = (at(openings, 'spec', 'egress') as { ports: { port: number }[] }[]).map((rule) =>
      rule.ports.map(({ port }) => port),
    );
    expect(ports).toEqual([[53, 53], [9090], [8443], [443, 6443]]);
    expect(at(only(near, 'NetworkPolicy', 'ai-gateway-remote-write-scrape'), 'spec', 'ingress')).toEqual([
      {
        from: [{ podSelector: { matchLabels: { 'cdk8s-ai-gateway/part': 'remote-write' } } }],
        ports: [{ port: 9090, protocol: 'TCP' }],
      },
    ]);
  });
});

describe('Logs', () => {
  const { near, warnings } = regionsOf(everyField);
  const collector = only(near, 'OpenTelemetryCollector');

  it('are searched in Elasticsearch, whose key is a file', () => {
    expect(at(collector, 'spec', 'config', 'exporters', 'elasticsearch')).toMatchObject({
      endpoints: ['https://10.9.8.7:9200'],
      api_key: '${file:/etc/gateway-logs/secrets/blue-key}',
    });
    expect(at(collector, 'spec')).toMatchObject({
      image: 'registry.example.org/collector:9',
      volumes: expect.arrayContaining([
        {
          name: 'secrets',
          secret: { secretName: 'blue-es', items: [{ key: 'blue-key', path: 'blue-key' }] },
        },
      ]),
    });
    expect(warnings.join('\n')).toContain(
      'the Secret blue-es of namespace ai-gateway-logs is not written here',
    );
  });

  it('or in Loki, as a tenant of it', () => {
    const logs = { to: { loki: { url: 'http://loki.logs.svc:3100', tenant: 'team-a' } }, roleArn };
    const loki = only(regionsOf({ ...everyField, logs }).near, 'OpenTelemetryCollector');
    expect(at(loki, 'spec', 'config', 'exporters', 'otlphttp/loki')).toMatchObject({
      endpoint: 'http://loki.logs.svc:3100/otlp',
      headers: { 'X-Scope-OrgID': 'team-a' },
    });
    expect(at(loki, 'spec', 'volumes')).toHaveLength(2);
  });

  it('go to the bucket outside their region, the audit log apart', () => {
    expect(at(collector, 'spec', 'config', 'exporters', 'awss3/audit', 's3uploader')).toMatchObject({
      region: 'eu-north-1',
      s3_bucket: 'north-copies',
      s3_prefix: 'copies/production/ai-gateway/audit/eu-west-1',
    });
  });

  it('reach what they are sent to and nothing else', () => {
    const peers = (at(only(near, 'NetworkPolicy', 'ai-gateway-logs'), 'spec', 'egress') as object[]).slice(1);
    expect(peers).toMatchObject([
      { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 443 }] },
      { to: [{ ipBlock: { cidr: '10.9.8.7/32' } }], ports: [{ port: 9200 }] },
    ]);
  });

  it('are read in a namespace of their own, since it admits what the gateway’s must not', () => {
    expect(at(collector, 'metadata', 'namespace')).toBe('ai-gateway-logs');
    expect(only(near, 'Namespace', 'ai-gateway')).toMatchObject({
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });
});

it('Nothing is copied unless asked for', () => {
  const { near, warnings } = regionsOf({ buckets: [] });
  const kinds = ['Schedule', 'PushSecret', 'PrometheusAgent', 'OpenTelemetryCollector'];
  expect(near.filter(({ kind }) => kinds.includes(kind as string))).toEqual([]);
  expect(warnings.join('\n')).not.toContain('backup');
});

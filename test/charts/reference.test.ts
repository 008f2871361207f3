import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import production from '../../charts/config/environments/production';
import { synthesize } from '../../charts/synthesize';
import { parseRuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { at, nameOf, only } from './gateway-chart';

const { folders, warnings } = synthesize(production, { today: new Date('2026-12-01T00:00:00Z') });
const manifestsOf = (name: string) => folders.find((folder) => folder.name === name)?.manifests ?? [];

it('writes a folder for each region and one for what belongs to none', () => {
  expect(folders.map(({ name }) => name)).toEqual(['us-east-1', 'us-west-2', 'global']);
});

describe.each([
  { region: 'us-east-1', replicas: 3, zones: 'DoNotSchedule' },
  { region: 'us-west-2', replicas: 2, zones: 'ScheduleAnyway' },
])('In $region', ({ region, replicas, zones }) => {
  const manifests = manifestsOf(region);
  const container = at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'containers', 0);

  it('every kind that a region needs is there', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'AlertmanagerConfig',
      'AuthorizationPolicy',
      'BackupStorageLocation',
      'BackupStorageLocation',
      'Certificate',
      ...Array<string>(6).fill('ConfigMap'),
      'Deployment',
      'DestinationRule',
      'ExternalSecret',
      'Gateway',
      'HorizontalPodAutoscaler',
      'Namespace',
      'Namespace',
      'NetworkPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
      'OpenTelemetryCollector',
      'PeerAuthentication',
      'PodDisruptionBudget',
      'PriorityClass',
      'PrometheusAgent',
      'PrometheusRule',
      'PushSecret',
      'Role',
      'RoleBinding',
      'Schedule',
      'SecretStore',
      'SecretStore',
      'Service',
      'ServiceAccount',
      'ServiceAccount',
      'ServiceAccount',
      'ServiceAccount',
      'ServiceAccount',
      'ServiceEntry',
      'ServiceMonitor',
      'Sidecar',
      'VirtualService',
    ]);
  });

  it('the container has the image, environment and resources of the document', () => {
    expect(container).toMatchObject({
      image: 'api-gateway:v2.1.0',
      env: [
        { name: 'GATEWAY_MODE', value: 'production' },
        { name: 'LOG_LEVEL', value: 'info' },
        { name: 'GATEWAY_REGION', value: region },
      ],
      resources: {
        requests: { cpu: '500m', memory: '512Mi' },
        limits: { cpu: '2000m', memory: '2Gi' },
      },
    });
  });

  it('the autoscaler begins at the replicas of the region, and the Deployment states none', () => {
    expect(at(only(manifests, 'HorizontalPodAutoscaler'), 'spec')).toMatchObject({
      minReplicas: replicas,
      maxReplicas: 20,
      metrics: [
        {
          type: 'ContainerResource',
          containerResource: { name: 'cpu', container: 'gateway', target: { averageUtilization: 70 } },
        },
      ],
    });
    expect(at(only(manifests, 'Deployment'), 'spec')).not.toHaveProperty('replicas');
  });

  it('pods are spread over zones as strictly as their number allows', () => {
    expect(
      at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'topologySpreadConstraints', 0),
    ).toMatchObject({ topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: zones });
  });

  it('the alerts have the thresholds of the document', () => {
    expect(at(only(manifests, 'PrometheusRule'), 'spec', 'groups', 0, 'rules')).toMatchObject([
      {
        alert: 'HighErrorRate',
        expr: expect.stringMatching(/^sum\(.*status=~"5\.\.".*\) \/ sum\(.*\) > 0\.05$/),
        for: '5m',
        labels: { severity: 'critical', namespace: 'ai-gateway' },
      },
      {
        alert: 'HighLatency',
        expr: expect.stringMatching(
          /^histogram_quantile\(0\.99, .*gateway_overhead_duration_seconds_bucket.* > 1$/,
        ),
        for: '10m',
        labels: { severity: 'warning', namespace: 'ai-gateway' },
      },
    ]);
  });

  it('metrics are scraped every 15 s', () => {
    expect(at(only(manifests, 'ServiceMonitor'), 'spec', 'endpoints', 0)).toMatchObject({ interval: '15s' });
  });

  it('the ingress of the document may come in, and its egress may go out', () => {
    const policy = only(manifests, 'NetworkPolicy', 'ai-gateway');
    expect(at(policy, 'spec', 'ingress', 0)).toEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
    });
    expect(at(policy, 'spec', 'egress')).toContainEqual({
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'production' } } }],
      ports: [{ protocol: 'TCP', port: 443 }],
    });
  });

  it('clients enter by the name of the region and by that of all', () => {
    const hosts = [`${region}.gateway.example.com`, 'gateway.example.com'];
    expect(at(only(manifests, 'Certificate'), 'spec', 'dnsNames')).toEqual(hosts);
    expect(at(only(manifests, 'VirtualService'), 'spec', 'hosts')).toEqual(hosts);
    expect(at(only(manifests, 'Gateway'), 'spec', 'servers', 0, 'tls')).toMatchObject({
      minProtocolVersion: 'TLSV1_2',
    });
  });

  it('the ConfigMap holds a configuration that the gateway accepts', () => {
    const text = at(only(manifests, 'ConfigMap', 'ai-gateway'), 'data', 'gateway.yaml') as string;
    const config = parseRuntimeConfig(parse(text), 'gateway.yaml', 'It is refused.');
    expect(config.models.map(({ name }) => name)).toEqual(['llama-3.3-70b', 'gpt-4o-mini']);
    expect(config.audit).toEqual({ sink: { kind: 'stdout' }, onFailure: 'count' });
    expect(config.limits.global).toEqual({ requestsPerSecond: 10_000, concurrentStreams: 50_000 });
    expect(config.admin).toMatchObject({ allowlist: ['127.0.0.1/32'] });
    expect(config.store).toMatchObject({
      kind: 'redis',
      maxReplicas: at(only(manifests, 'HorizontalPodAutoscaler'), 'spec', 'maxReplicas'),
    });
  });

  it('the store of the limits is reached, and the Secret with its password is mounted', () => {
    expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress')).toContainEqual({
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateway-store' } } }],
      ports: [{ protocol: 'TCP', port: 6379 }],
    });
    expect(at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'volumes')).toContainEqual(
      expect.objectContaining({ secret: expect.objectContaining({ secretName: 'ai-gateway-secrets' }) }),
    );
  });

  it('every object says who answers for it and where it belongs', () => {
    for (const manifest of manifests) {
      expect(at(manifest, 'metadata', 'labels')).toMatchObject({
        'app.kubernetes.io/name': 'ai-gateway',
        'app.kubernetes.io/instance': 'ai-gateway',
        'app.kubernetes.io/version': 'v2.1.0',
        environment: 'production',
        owner: 'ai-platform',
      });
    }
  });
});

it('checks each region every 10 s, and the higher priority is the primary', () => {
  const manifests = manifestsOf('global');
  const checks = manifests.filter(({ kind }) => kind === 'HealthCheck');
  const records = manifests.filter(({ kind }) => kind === 'RecordSet');
  expect(checks.map((check) => at(check, 'spec', 'healthCheckConfig', 'requestInterval'))).toEqual([10, 10]);
  expect(records.map((record) => [nameOf(record), at(record, 'spec', 'failover')])).toEqual([
    ['ai-gateway-us-east-1', 'PRIMARY'],
    ['ai-gateway-us-west-2', 'SECONDARY'],
  ]);
});

it('says what is excused, that nobody has a key yet, and what others must bring', () => {
  expect(warnings).toEqual([
    expect.stringMatching(/^exception image-unreleased until 2027-06-30: .*digest\.$/),
    expect.stringMatching(
      /^exception memory-request-equals-limit of Deployment ai-gateway until 2027-06-30: /,
    ),
    expect.stringMatching(/^exception pod-security-enforced of Namespace ai-gateway-logs until /),
    expect.stringContaining('npm run key -- TENANT'),
    expect.stringMatching(
      /^monitoring\.runbookBaseUrl is docs\/runbooks, .*dead link.* Publish docs\/runbooks/,
    ),
    expect.stringMatching(
      /^secrets\.externalSecrets\.aws\.roleArn: account 123456789012 stands for your own/,
    ),
    expect.stringMatching(
      /^secrets\.externalSecrets: .*us-east-1 and us-west-2 must hold .*production\/ai-gateway\/openai-api-key, /,
    ),
    expect.stringMatching(
      /^monitoring\.alerting: .* ai-gateway-alerting .*pagerduty-key, slack-url, heartbeat-url/,
    ),
    expect.stringMatching(/^image\.registry is not given: .* api-gateway:v2\.1\.0 .* default registry/),
    expect.stringMatching(
      /^config\.store: a Redis must answer at redis\.gateway-store\.svc\.cluster\.local port 6379/,
    ),
    expect.stringMatching(/^config\.store\.passwordFile is sent without TLS/),
    expect.stringMatching(/^config\.store opens pod port 6379 of namespace gateway-store/),
    expect.stringMatching(/^entry\.certificate: .* ClusterIssuer public-ca/),
    expect.stringMatching(/^entry: Istio 1\.24 .* CNI .* istio-system .* istio=ingressgateway/),
    expect.stringMatching(
      /^failover: host gateway\.example\.com and hosted zone Z0123456789EXAMPLE .*dist\/global/,
    ),
    expect.stringMatching(
      /^failover: .*us-east-1\.gateway\.example\.com and us-west-2\.gateway\.example\.com .*\/health\/ready/,
    ),
    expect.stringMatching(/^backup: the buckets \S+-us-west-2, \S+-us-east-1 are not made here/),
    expect.stringMatching(/^backup\.objects: Velero must run in namespace velero /),
    expect.stringMatching(/^backup: account 123456789012 stands for your own/),
    expect.stringMatching(/^backup\.metrics\.url https:\/\/metrics\.example\.com\S+ stands for your own/),
    expect.stringMatching(
      /^backup\.metrics\.bearerToken: the Secret metrics-writer of namespace ai-gateway /,
    ),
    expect.stringMatching(/^promises: load-in-one-region of us-east-1, us-west-2 does not hold: /),
    expect.stringMatching(/^promises: takeover-without-overload of us-west-2 does not hold: /),
    expect.stringMatching(/^promises: zone-loss of us-west-2 does not hold: /),
    expect.stringMatching(/^promises: zone-loss-at-peak of us-east-1, us-west-2 does not hold: /),
  ]);
});

it('only warns of an exception that has expired, since an old clone must not break by date', () => {
  const later = synthesize(production, { today: new Date('2027-07-01T00:00:00Z') });
  expect(later.warnings[0]).toMatch(/^exception image-unreleased has expired on 2027-06-30/);
  expect(later.folders).toEqual(folders);
});

it('has a line for each of its kinds in docs/manifests.md', () => {
  const page = readFileSync(join(__dirname, '../../docs/manifests.md'), 'utf8');
  const kinds = folders.flatMap(({ manifests }) => manifests.map(({ kind }) => kind));
  expect([...new Set(kinds)].filter((kind) => !page.includes(`\`${String(kind)}\``))).toEqual([]);
});

import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Entry } from '../entry';
import { Failover } from '../failover';
import { Receiver } from '../receiver';
import { Slo, standardSlos } from '../slo';
import type { EnvironmentInput } from '../types';

/** The reference deployment: two regions, the second one standing by. */
const production: EnvironmentInput = {
  environment: 'production',
  owner: 'ai-platform',
  namespace: 'ai-gateway',
  image: { repository: 'api-gateway', tag: 'v2.1.0' },
  exceptions: [
    {
      id: 'image-unreleased',
      reason: 'v2.1.0 is not released yet; the release fills in the digest',
      expires: '2027-06-30',
    },
    {
      id: 'memory-request-equals-limit',
      reason:
        'the reference is sized for its usual load and may use more for a rush of large bodies; on a full node such a pod is killed first, and its clients retry',
      expires: '2027-06-30',
      object: { kind: 'Deployment', name: 'ai-gateway' },
    },
    {
      id: 'pod-security-enforced',
      reason: "the log collector reads the files of its node, which only the standard 'privileged' admits",
      expires: '2027-06-30',
      object: { kind: 'Namespace', name: 'ai-gateway-logs' },
    },
  ],
  logLevel: 'info',
  resources: {
    cpu: { request: Cpu.millis(500), limit: Cpu.millis(2000) },
    memory: { request: Size.mebibytes(512), limit: Size.gibibytes(2) },
  },
  autoscaling: { maxReplicas: 20, targetCpuPercent: 70 },
  network: {
    ingressNamespace: 'istio-system',
    egress: [{ namespace: 'production', port: 443 }],
  },
  entry: Entry.istio({ certificate: { clusterIssuer: 'public-ca' } }),
  monitoring: {
    alerting: {
      page: [Receiver.pagerDuty({ routingKey: { secret: 'ai-gateway-alerting', key: 'pagerduty-key' } })],
      ticket: [
        Receiver.slack({
          urlSecret: { secret: 'ai-gateway-alerting', key: 'slack-url' },
          channel: '#ai-gateway',
        }),
      ],
      watchdog: Receiver.webhook({ urlSecret: { secret: 'ai-gateway-alerting', key: 'heartbeat-url' } }),
    },
    scrapeInterval: Duration.seconds(15),
    slos: [...standardSlos, Slo.timeToFirstByte({ percentile: 95, under: Duration.millis(2500) })],
    alerts: {
      highErrorRate: { ratio: 0.05, for: Duration.minutes(5) },
      highLatency: { overheadP99: Duration.seconds(1), for: Duration.minutes(10) },
    },
  },
  // In the Secrets Manager of each region: production/ai-gateway/openai-api-key, .../model-server-ca,
  // .../redis-password, .../admin-token.
  secrets: {
    externalSecrets: { aws: { roleArn: 'arn:aws:iam::123456789012:role/ai-gateway-secrets' } },
  },
  host: 'gateway.example.com',
  regions: {
    primary: { region: 'us-east-1', replicas: 3, priority: 100 },
    secondary: { region: 'us-west-2', replicas: 2, priority: 50 },
  },
  failover: {
    enabled: true,
    healthCheckInterval: Duration.seconds(10),
    autoFailover: true,
    manualApproval: false,
    by: Failover.route53({ hostedZone: { domain: 'example.com', id: 'Z0123456789EXAMPLE' } }),
  },
  promises: { requestsPerSecond: 10_000, streamDuration: Duration.seconds(5), tokensPerSecond: 20 },
  backup: {
    buckets: [
      { name: 'example-ai-gateway-copies-us-west-2', region: 'us-west-2' },
      { name: 'example-ai-gateway-copies-us-east-1', region: 'us-east-1' },
    ],
    objects: { schedule: '17 0,6,12,18 * * *', retention: Duration.days(30) },
    secrets: { roleArn: 'arn:aws:iam::123456789012:role/ai-gateway-secret-copies' },
    metrics: {
      url: 'https://metrics.example.com/api/v1/write',
      bearerToken: { secret: 'metrics-writer', key: 'token' },
    },
    logs: {
      to: { loki: { url: 'http://loki-gateway.loki.svc.cluster.local' } },
      roleArn: 'arn:aws:iam::123456789012:role/ai-gateway-log-copies',
    },
  },
  config: {
    version: 1,
    providers: [
      {
        name: 'in-cluster',
        kind: 'openai',
        baseUrl: 'https://model-server.production.svc.cluster.local/v1',
        // No public authority signs a name of the cluster.
        caFile: 'model-server-ca',
      },
      {
        name: 'openai',
        kind: 'openai',
        baseUrl: 'https://api.openai.com/v1',
        apiKeyFile: 'openai-api-key',
      },
    ],
    models: [
      {
        name: 'llama-3.3-70b',
        targets: [{ provider: 'in-cluster', model: 'meta-llama/Llama-3.3-70B-Instruct' }],
      },
      { name: 'gpt-4o-mini', targets: [{ provider: 'openai', model: 'gpt-4o-mini' }] },
    ],
    // For each region: the promised 10,000 requests/s, and as many streams as these keep open at 5 s each. Those of a
    // client stand beside its keys: tenants[].limits.
    limits: { global: { requestsPerSecond: 10_000, concurrentStreams: 50_000 } },
    // A Redis that somebody else runs in each region's cluster. Without it each pod keeps its share of the limits.
    store: {
      kind: 'redis',
      host: 'redis.gateway-store.svc.cluster.local',
      passwordFile: 'redis-password',
    },
    // 127.0.0.1 means `kubectl -n ai-gateway port-forward deployment/ai-gateway 9090`: no other way leads to /admin yet.
    admin: { tokenFile: 'admin-token', allowlist: ['127.0.0.1/32'] },
  },
};

export default production;

import { metric } from './metric';
import { operationMetrics } from './metrics-operation';
import { upstreamMetrics } from './metrics-upstream';

export * from './metric-labels';
export type { Metric, MetricType } from './metric';

/**
 * The catalogue. Every label value comes from the configuration or from a closed list below; what a client sends never
 * becomes one, so the number of series is known before the first request.
 */
export const metrics = {
  requests: metric({
    name: 'gateway_requests_total',
    type: 'counter',
    unit: 'count',
    labels: ['route', 'provider', 'status', 'error_source'],
    help: 'Requests answered, by the status that the client saw and by whose fault a failure was.',
  }),
  requestDuration: metric({
    name: 'gateway_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['route', 'provider'],
    help: 'From the first byte of the request to the last byte of the answer.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  }),
  overheadDuration: metric({
    name: 'gateway_overhead_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['route'],
    help: 'Time added by the gateway itself: the duration without the wait for the provider or for the client.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  }),
  ...upstreamMetrics,
  rateLimitRejections: metric({
    name: 'gateway_rate_limit_rejections_total',
    type: 'counter',
    unit: 'count',
    labels: ['route', 'limit', 'scope'],
    help: 'Requests refused by a limit, of one client or of all together.',
  }),
  storeFallbackActive: metric({
    name: 'gateway_store_fallback_active',
    type: 'gauge',
    unit: 'ratio',
    labels: [],
    help: '1 while the shared store is away and this replica decides on its share of the limits, else 0.',
  }),
  storeFallbackDecisions: metric({
    name: 'gateway_store_fallback_decisions_total',
    type: 'counter',
    unit: 'count',
    labels: [],
    help: 'Decisions on limits that this replica made by its share, because the shared store was away or too slow.',
  }),
  storeReplicas: metric({
    name: 'gateway_store_replicas',
    type: 'gauge',
    unit: 'count',
    labels: [],
    help: 'Replicas that have reported themselves in the shared store, this one included; 0 before the first report.',
  }),
  activeRequests: metric({
    name: 'gateway_active_requests',
    type: 'gauge',
    unit: 'count',
    labels: ['route', 'stream'],
    help: 'Requests in progress.',
  }),
  openConnections: metric({
    name: 'gateway_open_connections',
    type: 'gauge',
    unit: 'count',
    labels: [],
    help: 'Connections that clients hold open to the public listener.',
  }),
  authentications: metric({
    name: 'gateway_authentications_total',
    type: 'counter',
    unit: 'count',
    labels: ['method', 'result'],
    help: 'Requests by the way in which they told whose they are, and whether that was believed.',
  }),
  jwksRefreshes: metric({
    name: 'gateway_jwks_refreshes_total',
    type: 'counter',
    unit: 'count',
    labels: ['result'],
    help: 'Attempts to fetch the public keys of an issuer of tokens.',
  }),
  jwksFailing: metric({
    name: 'gateway_jwks_failing_seconds',
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'For how long the keys of an issuer could not be fetched, of the one that waits longest; 0 where each last attempt succeeded.',
  }),
  tlsHandshakeFailures: metric({
    name: 'gateway_tls_handshake_failures_total',
    type: 'counter',
    unit: 'count',
    labels: ['reason'],
    help: 'TLS handshakes with clients that failed.',
  }),
  tlsCertificateEnd: metric({
    name: 'gateway_tls_certificate_end_timestamp_seconds',
    type: 'gauge',
    unit: 'timestamp',
    labels: [],
    help: 'End of the certificate that clients are shown since the Unix epoch; 0 where the gateway speaks plain HTTP.',
  }),
  ...operationMetrics,
} as const;

export type MetricKey = keyof typeof metrics;

export * from './metric-labels';

export type MetricType = 'counter' | 'gauge' | 'histogram';

/**
 * One metric. The label names are part of the type: a rule or a panel that asks for a label the program does not emit
 * does not compile.
 */
export interface Metric<Type extends MetricType = MetricType, Label extends string = string> {
  readonly name: string;
  readonly type: Type;
  /** Unit of the value, in Prometheus base units. */
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'count' | 'timestamp' | 'usd';
  readonly labels: readonly Label[];
  readonly help: string;
  /** Upper bounds of the histogram's buckets, ascending, `+Inf` not named. */
  readonly buckets?: readonly number[];
}

const metric = <Type extends MetricType, Label extends string = never>(
  definition: Metric<Type, Label>,
): Metric<Type, Label> => definition;

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
  upstreamRequests: metric({
    name: 'gateway_upstream_requests_total',
    type: 'counter',
    unit: 'count',
    labels: ['provider', 'status'],
    help: 'Requests sent to a provider, by the status it answered, or by how the exchange failed.',
  }),
  upstreamRetries: metric({
    name: 'gateway_upstream_retries_total',
    type: 'counter',
    unit: 'count',
    labels: ['provider', 'reason'],
    help: 'Attempts that followed a failed one, by the provider that had failed and why.',
  }),
  retryBudgetExhausted: metric({
    name: 'gateway_retry_budget_exhausted_total',
    type: 'counter',
    unit: 'count',
    labels: [],
    help: 'Failed attempts that were not followed by another because the budget of retries was used up.',
  }),
  upstreamHedges: metric({
    name: 'gateway_upstream_hedges_total',
    type: 'counter',
    unit: 'count',
    labels: ['provider', 'result'],
    help: 'Second attempts beside a slow first one, by the provider that was asked as the second.',
  }),
  breakerState: metric({
    name: 'gateway_breaker_state',
    type: 'gauge',
    unit: 'count',
    labels: ['provider', 'provider_model'],
    help: 'Circuit breaker of a target: 0 closed, 1 half open, 2 open.',
  }),
  breakerTransitions: metric({
    name: 'gateway_breaker_transitions_total',
    type: 'counter',
    unit: 'count',
    labels: ['provider', 'provider_model', 'state'],
    help: 'Changes of the circuit breaker of a target, by the state that it took.',
  }),
  upstreamDuration: metric({
    name: 'gateway_upstream_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['provider', 'model'],
    help: 'From the request sent to a provider to the last byte of its answer.',
    buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  }),
  upstreamTimeToFirstToken: metric({
    name: 'gateway_upstream_time_to_first_token_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['provider', 'model'],
    help: 'From the request sent to the first bytes of a streamed answer.',
    buckets: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  }),
  upstreamTimePerOutputToken: metric({
    name: 'gateway_upstream_time_per_output_token_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['provider', 'model'],
    help: 'Time from the first bytes of a finished stream to its end, per output token after the first.',
    buckets: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  }),
  tokens: metric({
    name: 'gateway_tokens_total',
    type: 'counter',
    unit: 'count',
    labels: ['provider', 'model', 'token_type'],
    help: 'Tokens used, reported or estimated. Cached input tokens are apart, and not in the input ones.',
  }),
  costUsd: metric({
    name: 'gateway_cost_usd_total',
    type: 'counter',
    unit: 'usd',
    labels: ['provider', 'model'],
    help: 'Cost of the tokens used, by the configured prices.',
  }),
  tenantCostUsd: metric({
    name: 'gateway_tenant_cost_usd_total',
    type: 'counter',
    unit: 'usd',
    labels: ['tenant'],
    help: 'The same cost, by the tenant whose requests it was.',
  }),
  streams: metric({
    name: 'gateway_streams_total',
    type: 'counter',
    unit: 'count',
    labels: ['provider', 'outcome'],
    help: 'Streamed answers by how they ended. Only finished ones are complete.',
  }),
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
  configReloads: metric({
    name: 'gateway_config_reloads_total',
    type: 'counter',
    unit: 'count',
    labels: ['result'],
    help: 'Attempts to load a changed configuration file.',
  }),
  configLastReloadSuccessful: metric({
    name: 'gateway_config_last_reload_successful',
    type: 'gauge',
    unit: 'ratio',
    labels: [],
    help: '1 where the newest configuration file is in use, 0 where it was refused and an older one still serves.',
  }),
  secretIssued: metric({
    name: 'gateway_secret_issued_timestamp_seconds',
    type: 'gauge',
    unit: 'timestamp',
    labels: ['file'],
    help: 'Since when the value of a secret file is in use, by the date beside it, else by its own age; 0 for a date that is none.',
  }),
  auditDropped: metric({
    name: 'gateway_audit_dropped_total',
    type: 'counter',
    unit: 'count',
    labels: [],
    help: 'Audit records that found no room while the sink took nothing. The chain itself says how many, where it goes on.',
  }),
  auditWorking: metric({
    name: 'gateway_audit_working',
    type: 'gauge',
    unit: 'ratio',
    labels: [],
    help: '1 while the audit sink takes records, 0 while it fails or hangs.',
  }),
  auditLastSequence: metric({
    name: 'gateway_audit_last_sequence',
    type: 'gauge',
    unit: 'count',
    labels: [],
    help: 'Number of the last audit line written by this process, -1 before the first: shows a later cut of the end of its chain.',
  }),
  processCpu: metric({
    name: 'process_cpu_seconds_total',
    type: 'counter',
    unit: 'seconds',
    labels: [],
    help: 'User and system CPU time of the process.',
  }),
  processStartTime: metric({
    name: 'process_start_time_seconds',
    type: 'gauge',
    unit: 'timestamp',
    labels: [],
    help: 'Start of the process since the Unix epoch.',
  }),
  processResidentMemory: metric({
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    labels: [],
    help: 'Resident memory of the process.',
  }),
  heapUsed: metric({
    name: 'nodejs_heap_size_used_bytes',
    type: 'gauge',
    unit: 'bytes',
    labels: [],
    help: 'Live and not yet collected objects on the JavaScript heap.',
  }),
  eventLoopDelayP99: metric({
    name: 'nodejs_eventloop_lag_p99_seconds',
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'Event-loop delay since the last scrape, 99th percentile.',
  }),
} as const;

export type MetricKey = keyof typeof metrics;

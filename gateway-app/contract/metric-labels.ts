import type { ErrorSource } from './error-codes';

/** Closed lists of label values. A series of each exists from the start, at 0. */
export const labelValues = {
  /** `provider` of a request that never reached one. */
  noProvider: 'none',
  /** `status` of a request whose client left before any status was sent. */
  clientGoneStatus: '499',
  /**
   * Statuses of a provider that are counted by their own number; any other counts as its class (`2xx` to `5xx`), which
   * `status=~"5.."` still finds.
   */
  providerStatus: [
    '200',
    '400',
    '401',
    '403',
    '404',
    '409',
    '413',
    '422',
    '429',
    '500',
    '502',
    '503',
    '504',
    '529',
  ],
  statusClass: ['2xx', '3xx', '4xx', '5xx'],
  errorSource: ['none', 'client', 'policy', 'provider', 'gateway'],
  tokenType: ['input', 'output', 'cached_input'],
  streamOutcome: ['finished', 'client_gone', 'cut', 'timed_out', 'drained'],
  limit: ['requests', 'tokens', 'streams', 'budget'],
  limitScope: ['client', 'global'],
  reloadResult: ['success', 'failure'],
  /** `method` of a request: by what it told whose it is. `none`: by nothing. */
  authenticationMethod: ['none', 'key', 'token', 'certificate'],
  /** `unavailable`: the keys of the token's issuer could not be fetched. */
  authenticationResult: ['accepted', 'refused', 'unavailable'],
  /**
   * `reason` of a TLS handshake that failed. `refused_by_client`: by an alert, e.g. since it does not trust the certificate.
   * `protocol`: no common version or cipher, or no TLS at all. `closed`: the client left, as checks of a port do.
   */
  handshakeFailure: ['timeout', 'refused_by_client', 'protocol', 'closed'],
  cacheName: ['exact', 'single_flight'],
  cacheResult: ['hit', 'miss', 'bypass', 'error'],
  spanResult: ['exported', 'failed'],
  /** `status` of an exchange that brought no HTTP status, besides the statuses themselves. */
  upstreamFailure: ['connect_error', 'timeout', 'invalid_response', 'aborted'],
  /** Why an attempt failed, where another may follow it. */
  retryReason: [
    'connect_error',
    'rate_limited',
    'overloaded',
    'credentials_rejected',
    'connection_lost',
    'timeout',
    'server_error',
    'invalid_response',
  ],
  /** `refused`: the budget of hedges was used up. `cancelled`: the client left before either answered. */
  hedgeResult: ['won', 'lost', 'failed', 'cancelled', 'refused'],
  breakerState: ['closed', 'half_open', 'open'],
} as const satisfies Record<string, string | readonly string[]> & { errorSource: readonly ErrorSource[] };

export type AuthenticationMethod = (typeof labelValues.authenticationMethod)[number];
export type HandshakeFailure = (typeof labelValues.handshakeFailure)[number];
export type StreamOutcome = (typeof labelValues.streamOutcome)[number];
export type LimitName = (typeof labelValues.limit)[number];
export type LimitScope = (typeof labelValues.limitScope)[number];
export type UpstreamFailure = (typeof labelValues.upstreamFailure)[number];
export type RetryReason = (typeof labelValues.retryReason)[number];
export type HedgeResult = (typeof labelValues.hedgeResult)[number];
export type BreakerState = (typeof labelValues.breakerState)[number];

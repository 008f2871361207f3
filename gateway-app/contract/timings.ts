/**
 * One ladder of times, in milliseconds. Each rung outlives the one below it, so that the side which knows the reason is
 * the side which ends the wait: probes, grace period and ingress timeouts are derived from here and typed nowhere else.
 */

/** One attempt at a provider, which may set its own (`providers[].deadlines`). */
export const upstreamTimings = {
  connectMs: 5_000,
  /** From the request sent to the response headers. A model that thinks before it answers needs minutes, not seconds. */
  responseHeadersMs: 120_000,
  /** From the request sent to the first token of a stream: pings keep a stream from being idle, and say nothing. */
  firstTokenMs: 180_000,
  /** Between two chunks of a stream. */
  idleMs: 60_000,
  /** From the request sent to the last byte. */
  totalMs: 600_000,
} as const;

/** What a client may take to send its request; a slower one holds a connection for nothing. */
export const clientTimings = {
  /** To finish the TLS handshake, where the gateway speaks TLS itself. */
  handshakeMs: 5_000,
  headersMs: 10_000,
  requestMs: 30_000,
  /** The client's proxy must give up an idle connection first, else its next request meets a closing socket. */
  proxyKeepAliveMs: 60_000,
  keepAliveMs: 75_000,
} as const;

/** The gateway's own limit for one request, and the ingress route's above it. */
export const requestTimings = {
  gatewayTotalMs: upstreamTimings.totalMs + 5_000,
  ingressRouteMs: upstreamTimings.totalMs + 10_000,
} as const;

/** From SIGTERM to exit. */
export const shutdownTimings = {
  /** Still accepting: endpoints and the ingress need this long to hear that the pod is no longer ready. */
  endpointPropagationMs: 10_000,
  /** Streams may end by themselves for this long; then each gets an error event. */
  drainLimitMs: 120_000,
  /** To write the last events and flush the log, before the kubelet's SIGKILL. */
  exitMarginMs: 5_000,
} as const;

/** From SIGTERM on, the process serves or drains for this long at most. */
export const drainSeconds = Math.ceil(
  (shutdownTimings.endpointPropagationMs + shutdownTimings.drainLimitMs) / 1000,
);

/** Kubernetes' `terminationGracePeriodSeconds`. */
export const terminationGracePeriodSeconds = drainSeconds + Math.ceil(shutdownTimings.exitMarginMs / 1000);

export interface ProbeTiming {
  readonly path: 'live' | 'ready';
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/**
 * Probes. Startup replaces a fixed initial delay: a fast start is ready at once, a slow one has a minute.
 * Readiness must notice a drain within {@link shutdownTimings.endpointPropagationMs}.
 */
export const probeTimings = {
  startup: { path: 'ready', periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 60 },
  readiness: { path: 'ready', periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2 },
  liveness: { path: 'live', periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
} as const satisfies Record<string, ProbeTiming>;

/** How soon a changed configuration file is seen after the kubelet has swapped it in. */
export const configTimings = { pollMs: 2_000 } as const;

/** Spans on their way to a collector. */
export const tracingTimings = {
  /** How long spans are gathered into one batch. */
  batchMs: 5_000,
  exportMs: 10_000,
  /** At the end of the process, within {@link shutdownTimings.exitMarginMs}. */
  closeMs: 2_000,
} as const;

/** Limits in a store that several replicas share. */
export const storeTimings = {
  /** How often a replica reports itself and its open streams. */
  heartbeatMs: 5_000,
  /** A replica that was silent for this long counts as gone, and its streams as ended. */
  presenceMs: 15_000,
  /** To connect, authenticate and load the scripts. */
  connectMs: 1_000,
  /** Pause before the first new attempt to connect; it doubles with each that fails. */
  retryMinMs: 250,
  retryMaxMs: 5_000,
} as const;

/** The keys of issuers of tokens. */
export const identityTimings = {
  /** To fetch them. A request whose token needs them waits no longer. */
  jwksFetchMs: 3_000,
  /** From an attempt that failed to the next. */
  jwksRetryMs: 5_000,
  /** Between two attempts that unknown keys in tokens have caused: anybody can name one. */
  jwksCooldownMs: 30_000,
} as const;

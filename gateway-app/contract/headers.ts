/** Header names in lower case, as node:http delivers them. */
export const headers = {
  authorization: 'authorization',
  /** Where clients of the Anthropic dialect send the key too. It goes before `authorization`, as at Anthropic. */
  apiKey: 'x-api-key',
  /** Answered on every response; a well-formed value sent by the client is kept, so that both sides can be traced by one id. */
  requestId: 'x-request-id',
  /** The same id by the name under which Anthropic's SDK looks for it, on every answer in its dialect. */
  anthropicRequestId: 'request-id',
  /** `<error code>; source=<fault domain>` on every error answer: tells a client whose fault it was. */
  error: 'x-gateway-error',
  /** W3C trace context, from the client and on to the provider. */
  traceParent: 'traceparent',
  traceState: 'tracestate',
  /** Answered where the cache is on: whether the answer came from it. A client sends it to have an answer given again. */
  cache: 'x-gateway-cache',
  /** When to ask again, in seconds. Only where that is known. */
  retryAfter: 'retry-after',
} as const;

/** Value of {@link headers.cache} by which a client says that an earlier answer will do. */
export const optIn = 'on';

/** OpenAI's names. On every answer to a request that such a limit was asked about. */
export const rateLimitHeaders = {
  requests: {
    limit: 'x-ratelimit-limit-requests',
    remaining: 'x-ratelimit-remaining-requests',
    reset: 'x-ratelimit-reset-requests',
  },
  tokens: {
    limit: 'x-ratelimit-limit-tokens',
    remaining: 'x-ratelimit-remaining-tokens',
    reset: 'x-ratelimit-reset-tokens',
  },
} as const;

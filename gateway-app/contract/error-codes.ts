/** Whose fault a failed request was: the same word on metric, log line, span, audit record and response header. */
export const faultDomains = ['client', 'policy', 'provider', 'gateway'] as const;
export type FaultDomain = (typeof faultDomains)[number];

/** Value of the `error_source` label: a fault domain, or `none` for a request that succeeded. */
export type ErrorSource = FaultDomain | 'none';

/** Error bodies are written in the shape that the client's SDK parses. */
export type Dialect = 'openai' | 'anthropic';

export interface ErrorDefinition {
  /** HTTP status. A stream that has begun has sent 200 already: there the same body is sent as an event. */
  readonly status: number;
  readonly domain: FaultDomain;
  /** What the client reads. Details of the single case are appended; internals (hosts, stacks) never are. */
  readonly message: string;
  /** The `type` by which each dialect's SDK chooses its error class. */
  readonly type: Readonly<Record<Dialect, string>>;
}

const invalid = { openai: 'invalid_request_error', anthropic: 'invalid_request_error' };
const unauthenticated = { openai: 'invalid_request_error', anthropic: 'authentication_error' };
const notFound = { openai: 'invalid_request_error', anthropic: 'not_found_error' };
/** OpenAI names the limit in the type; its SDK chooses the error class by the status. */
const limited = (openai: 'requests' | 'tokens' | 'insufficient_quota') => ({
  openai,
  anthropic: 'rate_limit_error',
});
const serverFault = { openai: 'server_error', anthropic: 'api_error' };

/**
 * The code in header and log of an error that a provider answered and the gateway passed on as it was written. Its source
 * is `provider` for 429 and 5xx, and `client` for any other 4xx.
 */
export const passedOnErrorCode = 'provider_error';

/** Every error that the gateway itself produces. */
export const errorCodes = {
  invalid_json: {
    status: 400,
    domain: 'client',
    message: 'The request body is not valid JSON.',
    type: invalid,
  },
  invalid_request: { status: 400, domain: 'client', message: 'The request is not valid.', type: invalid },
  unsupported_by_provider: {
    status: 400,
    domain: 'client',
    message: "The model's provider has no equal for a part of the request, which would be lost.",
    type: invalid,
  },
  malformed_http: {
    status: 400,
    domain: 'client',
    message: 'The bytes received are not a valid HTTP request.',
    type: invalid,
  },
  missing_api_key: {
    status: 401,
    domain: 'client',
    message: 'No API key or token was sent. Send it as "Authorization: Bearer <key>".',
    type: unauthenticated,
  },
  invalid_api_key: {
    status: 401,
    domain: 'client',
    message: 'The API key is not known here.',
    type: unauthenticated,
  },
  invalid_token: {
    status: 401,
    domain: 'client',
    message: 'The token is not valid here.',
    type: unauthenticated,
  },
  invalid_client_certificate: {
    status: 401,
    domain: 'client',
    message: 'No client certificate that opens anything here was shown.',
    type: unauthenticated,
  },
  model_not_found: {
    status: 404,
    domain: 'client',
    message: 'The model does not exist here. GET /v1/models lists those that do.',
    type: notFound,
  },
  model_not_allowed: {
    status: 403,
    domain: 'policy',
    message: 'This API key may not use the model.',
    type: { openai: 'invalid_request_error', anthropic: 'permission_error' },
  },
  unknown_path: { status: 404, domain: 'client', message: 'There is nothing at this path.', type: notFound },
  method_not_allowed: {
    status: 405,
    domain: 'client',
    message: 'The path does not answer to this method.',
    type: invalid,
  },
  request_timeout: {
    status: 408,
    domain: 'client',
    message: 'The request did not arrive in full in time.',
    type: invalid,
  },
  body_too_large: {
    status: 413,
    domain: 'client',
    message: 'The request body is larger than the limit.',
    type: { openai: 'invalid_request_error', anthropic: 'request_too_large' },
  },
  unsupported_media_type: {
    status: 415,
    domain: 'client',
    message: 'The body must be sent as "Content-Type: application/json" without a content encoding.',
    type: invalid,
  },
  headers_too_large: {
    status: 431,
    domain: 'client',
    message: 'The request headers are larger than the limit.',
    type: invalid,
  },
  rate_limit_exceeded: {
    status: 429,
    domain: 'policy',
    message: 'Too many requests.',
    type: limited('requests'),
  },
  token_limit_exceeded: {
    status: 429,
    domain: 'policy',
    message: 'Too many tokens per minute.',
    type: limited('tokens'),
  },
  stream_limit_exceeded: {
    status: 429,
    domain: 'policy',
    message: 'Too many streams at once. One more is admitted when one of them ends.',
    type: limited('requests'),
  },
  budget_exceeded: {
    status: 429,
    domain: 'policy',
    message: 'The budget of this UTC day is spent.',
    type: limited('insufficient_quota'),
  },
  identity_unavailable: {
    status: 503,
    domain: 'gateway',
    message: "The keys of the token's issuer cannot be fetched, so no token of its can be checked.",
    type: { openai: 'server_error', anthropic: 'overloaded_error' },
  },
  internal_error: {
    status: 500,
    domain: 'gateway',
    message: 'The gateway failed. The request id finds the cause in its log.',
    type: serverFault,
  },
  provider_unreachable: {
    status: 502,
    domain: 'provider',
    message: 'The provider could not be reached.',
    type: serverFault,
  },
  provider_invalid_response: {
    status: 502,
    domain: 'provider',
    message: 'The provider answered with something that is not a valid response.',
    type: serverFault,
  },
  provider_credentials_rejected: {
    status: 502,
    domain: 'gateway',
    message: "The provider refused the gateway's own credentials.",
    type: serverFault,
  },
  provider_unavailable: {
    status: 503,
    domain: 'provider',
    message: 'Every provider of the model has failed too often lately, and is left alone for a moment.',
    type: { openai: 'server_error', anthropic: 'overloaded_error' },
  },
  provider_timeout: {
    status: 504,
    domain: 'provider',
    message: 'The provider did not answer in time.',
    type: serverFault,
  },
  stream_cut: {
    status: 502,
    domain: 'provider',
    message: 'The provider ended the stream before it was complete.',
    type: serverFault,
  },
  audit_unavailable: {
    status: 503,
    domain: 'gateway',
    message: 'The audit log cannot be written, and no request is served without its record.',
    type: { openai: 'server_error', anthropic: 'overloaded_error' },
  },
  draining: {
    status: 503,
    domain: 'gateway',
    message: 'This replica is shutting down before the answer was complete. Send the request again.',
    type: { openai: 'server_error', anthropic: 'overloaded_error' },
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCodes;

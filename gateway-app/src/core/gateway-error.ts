import { errorCodes, type ErrorCode } from '../../contract/error-codes';

interface Details {
  /** Said after the catalogue's message. It reaches the client: no host, no path, no stack. */
  readonly detail?: string;
  /** The field of the request that is at fault. */
  readonly param?: string;
  /** What happened inside. For the log only. */
  readonly cause?: unknown;
  /** When to ask again. Answered as `retry-after`, in seconds. */
  readonly retryAfterMs?: number;
  /** Methods that the path answers to (405). */
  readonly allow?: string;
}

/** A request that ends in an error of the catalogue. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly param: string | undefined;
  readonly allow: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    details: Details = {},
  ) {
    const { message } = errorCodes[code];
    super(details.detail === undefined ? message : `${message} ${details.detail}`, { cause: details.cause });
    this.param = details.param;
    this.allow = details.allow;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** What was thrown, as an error of the catalogue: anything unforeseen is the gateway's own fault. */
export function asGatewayError(thrown: unknown): GatewayError {
  return thrown instanceof GatewayError ? thrown : new GatewayError('internal_error', { cause: thrown });
}

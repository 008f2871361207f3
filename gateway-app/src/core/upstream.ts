import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamFailure } from '../../contract/metrics';

export interface UpstreamRequest {
  /** Path and query at the provider's origin. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Called in this order: `onHeaders` once, `onData` any number of times, then `onEnd` or `onError` once. `onError` may come
 * at any time, and is the last call. After `abort` nothing is called.
 */
export interface UpstreamHandler {
  onHeaders(status: number, headers: IncomingHttpHeaders): void;
  /** False pauses the provider's connection until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onError(failure: UpstreamFailure, cause: Error): void;
}

/** One request on its way to a provider. */
export interface UpstreamCall {
  /** Some of the request may have reached the provider. Before that, e.g. while a connection is made, nothing can be billed. */
  readonly isSent: boolean;
  resume(): void;
  abort(): void;
}

export interface UpstreamClient {
  /** Posts `request`. The handler is never called before this has returned. */
  start(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall;
}

export type JsonObject = Record<string, unknown>;

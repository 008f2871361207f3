import { Pool, type Dispatcher } from 'undici';
import type { UpstreamFailure } from '../../../gateway-app/contract/metrics';
import type {
  UpstreamCall,
  UpstreamClient,
  UpstreamHandler,
  UpstreamRequest,
} from '../../../gateway-app/src/core/upstream';

export interface UndiciOptions {
  readonly origin: string;
  readonly connectTimeoutMs: number;
  readonly ca?: string | undefined;
}

/** Speaks HTTP/1.1 to one origin through undici, whose pool has no cap: a stream must not wait for another to end. */
export class UndiciClient implements UpstreamClient {
  readonly #pool: Pool;

  constructor({ origin, connectTimeoutMs, ca }: UndiciOptions) {
    // Deadlines of the answer are the exchange's own: undici's would also run while a slow client holds the stream.
    this.#pool = new Pool(origin, {
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs, ...(ca !== undefined && { ca }) },
    });
  }

  start(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const call = new UndiciCall(handler);
    this.#pool.dispatch({ method: 'POST', ...request }, call);
    return call;
  }

  /** Closes all connections now. */
  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}

class Aborted extends Error {
  override readonly name = 'Aborted';
}

class UndiciCall implements UpstreamCall, Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;

  constructor(private readonly handler: UpstreamHandler) {}

  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort(new Aborted());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Aborted while the connection was being made: undici could not be told before.
    if (this.#aborted) controller.abort(new Aborted());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<UpstreamHandler['onHeaders']>[1],
  ): void {
    // 1xx only announces the answer.
    if (!this.#aborted && status >= 200) this.handler.onHeaders(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#aborted) return;
    if (!this.handler.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (!this.#aborted) this.handler.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#aborted) return;
    this.handler.onError(this.#failureOf(error), error);
  }

  /** A request that was sent may have been billed; one whose connection was never made was not. */
  #failureOf(error: Error): UpstreamFailure {
    const timedOut = 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT';
    return this.#controller === undefined || timedOut ? 'connect_error' : 'invalid_response';
  }
}

import type { UpstreamCall, UpstreamClient, UpstreamHandler, UpstreamRequest } from '../../core/upstream';
import { Call } from './call';
import { Connection, type ConnectionOwner } from './connection';
import { Dialer, type DialerOptions } from './dialer';
import { IdleConnections } from './idle-connections';
import { requestText } from './request-text';

export interface Http1ClientOptions extends DialerOptions {
  /** From the first packet to the end of the TLS handshake. */
  readonly connectTimeoutMs: number;
  /**
   * Most connections at a time. A request that finds all of them in use fails at once: each stream holds its connection
   * for minutes, so waiting for one would only hide the shortage.
   *
   * @default 10_000: a process can't serve more streams than that, and a third of what one address has ports for.
   */
  readonly maxConnections?: number;
  /**
   * Age from which on a connection carries no further request, so that a changed address of the host is found. A request
   * in progress is never cut by it.
   *
   * @default 300_000
   */
  readonly maxAgeMs?: number;
}

export const defaultMaxConnections = 10_000;
export const defaultMaxAgeMs = 300_000;

/** Speaks HTTP/1.1 to one origin. See docs/decisions/0007 for why it is not a library. */
export class Http1Client implements UpstreamClient, ConnectionOwner {
  readonly connectTimeoutMs: number;
  readonly #dialer: Dialer;
  readonly #maxConnections: number;
  readonly #connections = new Set<Connection>();
  readonly #idle: IdleConnections;
  #destroyed = false;

  /** @throws TypeError where the origin is no http or https URL. */
  constructor({
    connectTimeoutMs,
    maxConnections = defaultMaxConnections,
    maxAgeMs = defaultMaxAgeMs,
    ...dialer
  }: Http1ClientOptions) {
    this.connectTimeoutMs = connectTimeoutMs;
    this.#maxConnections = maxConnections;
    this.#idle = new IdleConnections(maxAgeMs);
    this.#dialer = new Dialer(dialer);
  }

  /** @throws TypeError where path or headers can't be written safely. */
  start(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const call = new Call(handler, requestText(this.#dialer.host, request));
    const idle = this.#idle.take();
    if (idle === undefined) this.#connect(call);
    else idle.send(call);
    return call;
  }

  /** Closes all connections now. Calls in progress fail. */
  destroy(): void {
    this.#destroyed = true;
    for (const connection of this.#connections) connection.destroy(new Error('The client was destroyed.'));
    this.#idle.stop();
  }

  onIdle(connection: Connection, keepAliveHintMs: number | undefined): void {
    this.#idle.add(connection, keepAliveHintMs);
  }

  onClosed(connection: Connection): void {
    this.#connections.delete(connection);
    this.#idle.remove(connection);
  }

  onUnsent(call: Call): void {
    call.moved = true;
    call.isSent = false;
    this.#connect(call);
  }

  #connect(call: Call): void {
    if (this.#destroyed) this.#refuse(call, 'The client was destroyed.');
    else if (this.#connections.size >= this.#maxConnections) {
      this.#refuse(call, `All ${this.#maxConnections} connections to the provider are in use.`);
    } else {
      const connection = new Connection(this.#dialer, this);
      this.#connections.add(connection);
      connection.send(call);
    }
  }

  #refuse(call: Call, why: string): void {
    setImmediate(() => {
      if (!call.aborted) call.handler.onError('connect_error', new Error(why));
    });
  }
}

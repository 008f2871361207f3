import type { Connection } from './connection';

/** Below the 5 s after which Node's and uvicorn's servers close a connection without having said so. */
const keepAliveMs = 4_000;
const maxKeepAliveMs = 60_000;
/** The request must still arrive before the server's own time is up. */
const hintMarginMs = 1_000;
const sweepMs = 1_000;

interface Idle {
  readonly connection: Connection;
  readonly untilMs: number;
}

/**
 * Connections that wait for a request. The one used last is lent first: it is the least likely to be closed by the server,
 * and those that a quiet hour does not need grow old and go.
 */
export class IdleConnections {
  #idle: Idle[] = [];
  #returned: Idle[] = [];
  #sweep: NodeJS.Timeout | undefined;

  /**
   * @param maxAgeMs Age from which on a connection carries no further request. A busy one would otherwise live for days,
   *   and lead to where the name pointed then.
   */
  constructor(private readonly maxAgeMs: number) {}

  /**
   * Lends it again from the next turn of the event loop on. What has arrived behind the answer is read by then and has
   * closed it; lent at once, it would hand that to the next request as its answer.
   */
  add(connection: Connection, keepAliveHintMs: number | undefined): void {
    const keptMs =
      keepAliveHintMs === undefined ? keepAliveMs : Math.min(keepAliveHintMs - hintMarginMs, maxKeepAliveMs);
    const forMs = Math.min(keptMs, connection.bornMs + this.maxAgeMs - performance.now());
    if (forMs <= 0) {
      connection.close();
      return;
    }
    if (this.#returned.length === 0) {
      setImmediate(() => {
        this.#lend();
      });
    }
    this.#returned.push({ connection, untilMs: performance.now() + forMs });
  }

  take(): Connection | undefined {
    const now = performance.now();
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.untilMs > now) return last.connection;
      last.connection.close();
    }
    return undefined;
  }

  remove(connection: Connection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  stop(): void {
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  #lend(): void {
    for (const idle of this.#returned) {
      if (!idle.connection.isClosed) this.#idle.push(idle);
    }
    this.#returned = [];
    if (this.#idle.length > 0) {
      this.#sweep ??= setInterval(() => {
        this.#closeOld();
      }, sweepMs).unref();
    }
  }

  #closeOld(): void {
    const now = performance.now();
    for (const { connection, untilMs } of [...this.#idle]) {
      if (untilMs <= now) connection.close();
    }
    if (this.#idle.length === 0) this.stop();
  }
}

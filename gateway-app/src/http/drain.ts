import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Timings } from '../core/timings';
import type { ActiveRequests } from '../pipeline/active-requests';

/** How soon after an answer's end a client's next request arrives, where it sends one at once on the same connection. */
const restMs = 1_000;

/** From SIGTERM to the last closed connection. */
export class Drain {
  #begun = false;
  readonly #hastened: Promise<void>;
  #hasten: () => void = () => undefined;

  constructor(
    private readonly server: () => Server,
    private readonly active: ActiveRequests,
    private readonly timings: Timings['shutdown'],
  ) {
    this.#hastened = new Promise((resolve) => {
      this.#hasten = resolve;
    });
  }

  /** Not ready: true from the first moment of the drain. */
  get isBegun(): boolean {
    return this.#begun;
  }

  /** Resolves when no client is connected any more. Call it once. */
  async run(): Promise<void> {
    this.#begun = true;
    // Still accepting: balancers send new connections until they have heard.
    await this.#within(this.timings.endpointPropagationMs, this.#hastened);
    const server = this.server();
    server.close();
    await this.#within(this.timings.drainLimitMs, this.#hastened, this.#atRest());
    this.active.abortAll('draining');
    // Half of the margin for clients to take their last event, the other half for the process to end.
    await this.#within(this.timings.exitMarginMs / 2, this.active.whenEmpty());
    server.closeAllConnections();
    // A request that is never told of its end must not keep the process until it is killed with its last records.
    await this.#within(this.timings.exitMarginMs / 4, this.active.whenEmpty());
  }

  /** Waits for nobody any more: what is in progress gets its error event now. */
  hasten(): void {
    this.#hasten();
  }

  /**
   * A stream that began before the drain could not ask its client to leave, so the next request may already be on its
   * way: closing the connection the moment that the stream ends would lose it. It is answered, and asks the client to leave.
   */
  async #atRest(): Promise<void> {
    for (;;) {
      await this.active.whenEmpty();
      await sleep(restMs, undefined, { ref: false });
      if (this.active.isEmpty) return;
    }
  }

  /** Waits for the first of `events`, but no longer than `limitMs`. */
  async #within(limitMs: number, ...events: Promise<void>[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([limit, ...events]);
    clearTimeout(timer);
  }
}

import type { Clock } from '../core/clock';
import type { Timings } from '../core/timings';

/**
 * The deadlines of one exchange: for the response headers, between two chunks, and in total.
 *
 * One timer serves all, and a chunk only notes its time: setting a timer anew for each of a million chunks a second would
 * cost more than passing them on.
 */
export class Deadlines {
  #timer: NodeJS.Timeout | undefined;
  readonly #totalAtMs: number;
  #nextAtMs: number;
  /** Undefined until the headers have arrived. */
  #lastChunkMs: number | undefined;
  #paused = false;

  /** @param onExpired Called once. */
  constructor(
    private readonly timings: Timings['upstream'],
    private readonly clock: Clock,
    private readonly onExpired: () => void,
  ) {
    const now = clock();
    this.#totalAtMs = now + timings.totalMs;
    this.#nextAtMs = now + timings.responseHeadersMs;
    this.#arm(now);
  }

  headersArrived(nowMs: number): void {
    this.#lastChunkMs = nowMs;
    this.#nextAtMs = nowMs + this.timings.idleMs;
    clearTimeout(this.#timer);
    this.#arm(nowMs);
  }

  chunkArrived(nowMs: number): void {
    this.#lastChunkMs = nowMs;
  }

  /** While the client takes nothing, the provider is not idle: it is held. */
  pause(): void {
    this.#paused = true;
  }

  resume(nowMs: number): void {
    this.#paused = false;
    this.#lastChunkMs = nowMs;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(nowMs: number): void {
    const waitMs = Math.max(1, Math.ceil(Math.min(this.#nextAtMs, this.#totalAtMs) - nowMs));
    this.#timer = setTimeout(() => {
      this.#check();
    }, waitMs);
  }

  #check(): void {
    const now = this.clock();
    if (this.#lastChunkMs !== undefined) {
      this.#nextAtMs = (this.#paused ? now : this.#lastChunkMs) + this.timings.idleMs;
    }
    if (now >= Math.min(this.#nextAtMs, this.#totalAtMs)) this.onExpired();
    else this.#arm(now);
  }
}

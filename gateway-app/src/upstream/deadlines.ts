import type { Clock } from '../core/clock';
import type { Timings } from '../core/timings';

/**
 * The deadlines of one exchange but the one to connect: for the response headers, the first token of a stream, between
 * two chunks, and in total.
 *
 * One timer serves all, and a chunk only notes its time: setting a timer anew for each of a million chunks a second would
 * cost more than passing them on.
 */
export class Deadlines {
  #timer: NodeJS.Timeout | undefined;
  readonly #totalAtMs: number;
  #nextAtMs: number;
  /** Of a stream, until its first token has come. */
  #firstTokenAtMs = Infinity;
  /** Undefined until the headers have arrived. */
  #lastChunkMs: number | undefined;
  #paused = false;
  readonly #startedMs: number;

  /**
   * @param totalAtMs No later than this it expires, whatever its own deadlines say.
   * @param onExpired Called once.
   */
  constructor(
    private readonly timings: Timings['upstream'],
    totalAtMs: number,
    private readonly clock: Clock,
    private readonly onExpired: () => void,
  ) {
    const now = clock();
    this.#startedMs = now;
    this.#totalAtMs = Math.min(now + timings.totalMs, totalAtMs);
    this.#nextAtMs = now + timings.responseHeadersMs;
    this.#arm(now);
  }

  headersArrived(nowMs: number, isStream: boolean): void {
    if (isStream) this.#firstTokenAtMs = this.#startedMs + this.timings.firstTokenMs;
    this.#lastChunkMs = nowMs;
    this.#nextAtMs = nowMs + this.timings.idleMs;
    clearTimeout(this.#timer);
    this.#arm(nowMs);
  }

  chunkArrived(nowMs: number): void {
    this.#lastChunkMs = nowMs;
  }

  firstTokenArrived(): void {
    this.#firstTokenAtMs = Infinity;
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
    const waitMs = Math.max(1, Math.ceil(this.#expiresAtMs - nowMs));
    this.#timer = setTimeout(() => {
      this.#check();
    }, waitMs);
  }

  #check(): void {
    const now = this.clock();
    if (this.#lastChunkMs !== undefined) {
      this.#nextAtMs = (this.#paused ? now : this.#lastChunkMs) + this.timings.idleMs;
    }
    if (now >= this.#expiresAtMs) this.onExpired();
    else this.#arm(now);
  }

  get #expiresAtMs(): number {
    return Math.min(this.#nextAtMs, this.#firstTokenAtMs, this.#totalAtMs);
  }
}

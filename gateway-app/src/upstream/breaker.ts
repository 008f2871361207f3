import type { BreakerState } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { AttemptWindow } from './attempt-window';

export type BreakerSettings = RuntimeConfig['routing']['breaker'];

/** What an attempt says of its target. `neutral`: nothing, e.g. a limit, a refused key, or a client that left. */
export type Verdict = 'success' | 'failure' | 'neutral';

/** Names an attempt to the breaker that let it through: 0, or the number of a probe. */
export type Pass = number;

const ordinary: Pass = 0;

/**
 * Keeps requests away from a target that fails. Closed, it counts; open, it lets nobody through for a while; then, half
 * open, one probe at a time, until one has succeeded or failed.
 *
 * A stream is judged at its end, so a probe may take minutes. After `openMs` it no longer keeps the next one away: else a
 * provider that has recovered would serve one client.
 */
export class Breaker {
  readonly #window: AttemptWindow;
  #state: BreakerState = 'closed';
  #openUntilMs = 0;
  #probes = 0;
  /** The one that keeps others away. */
  #probe: Pass = ordinary;
  #probeUntilMs = 0;
  #askedToWaitUntilMs = 0;

  /** @param onChange Called with each new state. */
  constructor(
    private readonly settings: BreakerSettings,
    private readonly onChange: (state: BreakerState) => void = () => undefined,
  ) {
    this.#window = new AttemptWindow(settings.windowMs);
  }

  /** @returns What to {@link leave} with, once; undefined where the target must be left alone. */
  enter(nowMs: number): Pass | undefined {
    if (this.#state === 'closed') return ordinary;
    if (this.waitMs(nowMs) > 0) return undefined;
    if (this.#state === 'open') this.#become('half_open');
    this.#probes += 1;
    this.#probe = this.#probes;
    this.#probeUntilMs = nowMs + this.settings.openMs;
    return this.#probe;
  }

  leave(pass: Pass, verdict: Verdict, nowMs: number): void {
    if (pass !== ordinary && pass === this.#probe) this.#probe = ordinary;
    if (verdict === 'neutral') return;
    const failed = verdict === 'failure';
    if (this.#state === 'closed') this.#count(failed, nowMs);
    // What was let through before it opened is old news.
    else if (this.#state === 'half_open' && pass !== ordinary) {
      if (failed) this.#open(nowMs);
      else this.#become('closed');
    }
  }

  /** How long the target must be left alone from now; 0 where it may be asked. */
  waitMs(nowMs: number): number {
    if (this.#state === 'closed') return 0;
    if (this.#state === 'open') return Math.max(0, this.#openUntilMs - nowMs);
    return this.#probe === ordinary ? 0 : Math.max(0, this.#probeUntilMs - nowMs);
  }

  /** The target itself asks for a pause: it goes behind others, and is still asked where there are none. */
  askToWait(untilMs: number): void {
    this.#askedToWaitUntilMs = Math.max(this.#askedToWaitUntilMs, untilMs);
  }

  isAskedToWait(nowMs: number): boolean {
    return nowMs < this.#askedToWaitUntilMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** What is judged, for operators. */
  counts(nowMs: number): { readonly attempts: number; readonly failures: number } {
    return this.#window.at(nowMs);
  }

  #count(failed: boolean, nowMs: number): void {
    this.#window.add(failed, nowMs);
    const { minAttempts, failureRatio } = this.settings;
    if (failed && this.#window.failureRatio(minAttempts) >= failureRatio) this.#open(nowMs);
  }

  #open(nowMs: number): void {
    this.#openUntilMs = nowMs + this.settings.openMs;
    this.#probe = ordinary;
    this.#become('open');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    if (state === 'closed') this.#window.clear();
    this.onChange(state);
  }
}

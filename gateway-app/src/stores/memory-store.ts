import { monotonicClock } from '../core/clock';
import type { Claim, Decision, Grant, LimitStore, ScopeLimits, ScopeUsage, Used } from './limit-store';
import { LocalLimits, type Clocks } from './local-limits';

export const processClocks: Clocks = { monotonic: monotonicClock, utc: Date.now };

/** Limits of a single replica, in its own memory. A second replica would admit the same again. */
export class MemoryStore implements LimitStore {
  readonly #limits: LocalLimits;

  constructor(clocks: Clocks = processClocks) {
    this.#limits = new LocalLimits(clocks, 'memory');
  }

  reserve(claim: Claim): Decision {
    return this.#limits.decide(claim, 1);
  }

  settle(grant: Grant, used: Used): void {
    this.#limits.correctTokens(grant, used, 1);
    this.#limits.correctCost(grant, used);
    this.#limits.release(grant);
  }

  usage(limits: ScopeLimits): ScopeUsage {
    return { ...this.#limits.usage(limits, 1), local: false };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

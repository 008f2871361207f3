import type { Clock } from '../core/clock';
import type { Claim, Decision, Grant, ScopeLimits, ScopeUsage, Used } from './limit-store';
import { ScopeCounters, type Moment } from './scope-counters';
import { dayOf, untilNextDayMs, type UtcClock } from './utc-day';
import { Verdict } from './verdict';

/** The clocks of one process. */
export interface Clocks {
  readonly monotonic: Clock;
  readonly utc: UtcClock;
}

/**
 * The limits as one process counts them: all of them, or its share where several replicas share them. Its memory is bounded
 * by the tenants ever configured and the streams open.
 */
export class LocalLimits {
  readonly #scopes = new Map<string, ScopeCounters>();
  #leases = 0;

  /** @param owner Begins the name of each lease; no two replicas may have the same. */
  constructor(
    private readonly clocks: Clocks,
    private readonly owner: string,
  ) {}

  nextLease(): string {
    this.#leases += 1;
    return `${this.owner}:${this.#leases.toString(36)}`;
  }

  /** @param replicas The limits are shared out among this many. */
  decide(claim: Claim, replicas: number): Decision {
    const at = this.#now(replicas);
    const verdict = new Verdict();
    for (const limits of claim.scopes) this.counters(limits).judge(limits, claim, at, verdict);
    const { refusal } = verdict;
    let grant: Grant | undefined;
    if (refusal === undefined) {
      const lease = claim.stream ? this.nextLease() : undefined;
      const taken = claim.scopes.map((limits) => this.counters(limits).take(limits, claim, at, lease));
      grant = { scopes: claim.scopes, taken, day: at.day, lease, local: true };
    }
    for (const limits of claim.scopes) this.counters(limits).tell(limits, at, verdict);
    return { grant, refusal, requests: verdict.requests, tokens: verdict.tokens };
  }

  /** Replaces the tokens that {@link decide} took by those used. */
  correctTokens(grant: Grant, used: Used, replicas: number): void {
    const at = this.#now(replicas);
    grant.scopes.forEach((limits, index) => {
      this.counters(limits).correctTokens(limits, used.tokens - (grant.taken[index]?.tokens ?? 0), at);
    });
  }

  /**
   * Replaces the cost that was taken, here or elsewhere, by the one that arose.
   *
   * @param direction `upwards` gives nothing back.
   */
  correctCost(grant: Grant, used: Used, direction: 'both' | 'upwards' = 'both'): void {
    for (const [index, limits] of grant.scopes.entries()) {
      const nanoUsd = costCorrection(grant, index, used);
      if (direction === 'both' || nanoUsd > 0) this.counters(limits).spent.add(grant.day, nanoUsd);
    }
  }

  /** Notes that the shared store has replaced the cost. */
  noteCorrection(grant: Grant, used: Used): void {
    for (const [index, limits] of grant.scopes.entries()) {
      this.counters(limits).spentByAll.add(grant.day, costCorrection(grant, index, used));
    }
  }

  /** Notes a stream that was admitted elsewhere, so that a later share counts it. */
  hold(scopes: readonly ScopeLimits[], lease: string): void {
    for (const limits of scopes) {
      if (limits.concurrentStreams !== undefined) this.counters(limits).leases.add(lease);
    }
  }

  release({ scopes, lease }: Grant): void {
    if (lease === undefined) return;
    for (const limits of scopes) this.counters(limits).leases.delete(lease);
  }

  /** @param replicas The limits are shared out among this many. */
  usage(limits: ScopeLimits, replicas: number): Omit<ScopeUsage, 'local'> {
    return this.counters(limits).usage(limits, this.#now(replicas));
  }

  counters({ key }: ScopeLimits): ScopeCounters {
    let counters = this.#scopes.get(key);
    if (counters === undefined) {
      counters = new ScopeCounters();
      this.#scopes.set(key, counters);
    }
    return counters;
  }

  all(): Iterable<[key: string, counters: ScopeCounters]> {
    return this.#scopes;
  }

  #now(replicas: number): Moment {
    const utcMs = this.clocks.utc();
    return {
      nowUs: this.clocks.monotonic() * 1000,
      day: dayOf(utcMs),
      untilNextDayMs: untilNextDayMs(utcMs),
      replicas,
    };
  }
}

function costCorrection({ scopes, taken }: Grant, index: number, used: Used): number {
  if (scopes[index]?.dailyBudgetNanoUsd === undefined) return 0;
  return used.nanoUsd - (taken[index]?.nanoUsd ?? 0);
}

import { requestBucket, tokenBucket } from './buckets';
import { Debt, remaining, waitUs, type Bucket } from './gcra';
import type { Claim, Level, ScopeLimits, ScopeUsage, Used } from './limit-store';
import { DaySum } from './utc-day';
import type { Verdict } from './verdict';

/** When a claim is decided, and by how many. */
export interface Moment {
  readonly nowUs: number;
  readonly day: number;
  readonly untilNextDayMs: number;
  /** The limits are shared out among this many replicas. */
  readonly replicas: number;
}

/** What one scope has used. The limits are given anew with each call, so that a changed configuration counts at once. */
export class ScopeCounters {
  readonly leases = new Set<string>();
  /** Cost counted here. */
  readonly spent = new DaySum();
  /** Cost that all replicas together had counted when they were last heard of: gone from the budget before it is shared out. */
  readonly spentByAll = new DaySum();
  readonly #requests = new Debt();
  readonly #tokens = new Debt();

  /** Says what each limit holds against the claim. Changes nothing. */
  judge(limits: ScopeLimits, claim: Claim, at: Moment, verdict: Verdict): void {
    const { scope } = limits;
    const requests = requestBucket(limits, at.replicas);
    if (requests !== undefined) {
      const us = waitUs(requests, this.#requests.at(requests, at.nowUs), 1);
      if (us > 0) verdict.refuse('requests', scope, us / 1000);
    }
    const tokens = tokenBucket(limits, at.replicas);
    if (tokens !== undefined) {
      const units = Math.min(claim.tokens, tokens.capacity);
      const us = waitUs(tokens, this.#tokens.at(tokens, at.nowUs), units);
      if (us > 0) verdict.refuse('tokens', scope, us / 1000);
    }
    const { concurrentStreams } = limits;
    if (claim.stream && concurrentStreams !== undefined) {
      // Rounded down to nothing it would admit no stream at all.
      const share = Math.max(1, Math.floor(concurrentStreams / at.replicas));
      if (this.leases.size >= share) verdict.refuse('streams', scope, undefined);
    }
    const budget = this.#budget(limits, at);
    if (budget !== undefined && claim.nanoUsd > 0) {
      const spent = this.spent.at(at.day);
      if (budget <= 0 || spent + Math.min(claim.nanoUsd, budget) > budget) {
        verdict.refuse('budget', scope, at.untilNextDayMs);
      }
    }
  }

  /** Takes what {@link judge} has found to be there, and says how much that was. */
  take(limits: ScopeLimits, claim: Claim, at: Moment, lease: string | undefined): Used {
    const requests = requestBucket(limits, at.replicas);
    if (requests !== undefined) this.#requests.add(requests, at.nowUs, 1);
    const tokens = tokenBucket(limits, at.replicas);
    const units = tokens === undefined ? 0 : Math.min(claim.tokens, tokens.capacity);
    if (tokens !== undefined) this.#tokens.add(tokens, at.nowUs, units);
    if (lease !== undefined && limits.concurrentStreams !== undefined) this.leases.add(lease);
    const nanoUsd = Math.max(0, Math.min(claim.nanoUsd, this.#budget(limits, at) ?? 0));
    this.spent.add(at.day, nanoUsd);
    return { tokens: units, nanoUsd };
  }

  /** More tokens, or fewer where negative, than were taken. */
  correctTokens(limits: ScopeLimits, units: number, at: Moment): void {
    const tokens = tokenBucket(limits, at.replicas);
    if (tokens !== undefined) this.#tokens.add(tokens, at.nowUs, units);
  }

  tell(limits: ScopeLimits, at: Moment, verdict: Verdict): void {
    const requests = requestBucket(limits, at.replicas);
    if (requests !== undefined)
      verdict.tell('requests', level(requests, this.#requests.at(requests, at.nowUs)));
    const tokens = tokenBucket(limits, at.replicas);
    if (tokens !== undefined) verdict.tell('tokens', level(tokens, this.#tokens.at(tokens, at.nowUs)));
  }

  /** Changes nothing. */
  usage(limits: ScopeLimits, at: Moment): Omit<ScopeUsage, 'local'> {
    const requests = requestBucket(limits, at.replicas);
    const tokens = tokenBucket(limits, at.replicas);
    return {
      ...(requests !== undefined && { requests: level(requests, this.#requests.at(requests, at.nowUs)) }),
      ...(tokens !== undefined && { tokens: level(tokens, this.#tokens.at(tokens, at.nowUs)) }),
      ...(limits.concurrentStreams !== undefined && { openStreams: this.leases.size }),
      ...(limits.dailyBudgetNanoUsd !== undefined && {
        spentNanoUsd: this.spentByAll.at(at.day) + this.spent.at(at.day),
      }),
    };
  }

  #budget({ dailyBudgetNanoUsd }: ScopeLimits, at: Moment): number | undefined {
    if (dailyBudgetNanoUsd === undefined) return undefined;
    return Math.floor((dailyBudgetNanoUsd - this.spentByAll.at(at.day)) / at.replicas);
  }
}

function level(bucket: Bucket, owed: number): Level {
  return {
    limit: Math.floor(bucket.capacity),
    remaining: remaining(bucket, owed),
    resetMs: (owed * bucket.intervalUs) / 1000,
  };
}

import type { LimitName, LimitScope } from '../../contract/metrics';

/** The limits of one tenant, or those of the whole region. A limit that is absent does not exist. */
export interface ScopeLimits {
  readonly scope: LimitScope;
  /** Tells its counters from those of other scopes; the same in every replica. */
  readonly key: string;
  /** A bucket of `burst` requests that refills at `perSecond`. */
  readonly requests?: { readonly perSecond: number; readonly burst: number };
  /** A bucket of this many tokens that refills within a minute. */
  readonly tokensPerMinute?: number;
  /** Streams open at once. */
  readonly concurrentStreams?: number;
  /** Cost of one UTC day in nano-USD, an integer: sums of many small prices stay exact. */
  readonly dailyBudgetNanoUsd?: number;
}

/** What a request uses, estimated or measured. */
export interface Used {
  /** Input and output together. */
  readonly tokens: number;
  /** An integer. */
  readonly nanoUsd: number;
}

/** What one request asks of its limits. Tokens and cost are estimates. */
export interface Claim extends Used {
  readonly scopes: readonly ScopeLimits[];
  readonly stream: boolean;
}

/** A bucket as the client is told of it. */
export interface Level {
  readonly limit: number;
  /** Whole units that would be admitted now. */
  readonly remaining: number;
  /** Until the bucket is full. */
  readonly resetMs: number;
}

/** What was taken. Hand it to `settle` exactly once, however the request ended. */
export interface Grant {
  readonly scopes: readonly ScopeLimits[];
  /** Per scope: the estimates, but no more than the whole bucket or budget. */
  readonly taken: readonly Used[];
  /** UTC day that pays, in days since 1970. */
  readonly day: number;
  /** Name of the open stream; undefined where the request is none. */
  readonly lease: string | undefined;
  /** This replica decided alone. */
  readonly local: boolean;
}

export interface Refusal {
  readonly limit: LimitName;
  readonly scope: LimitScope;
  /**
   * After exactly this time the same claim is admitted, unless others claim before. Undefined where nobody can know: a
   * stream ends when it ends.
   */
  readonly waitMs: number | undefined;
}

export interface Decision {
  /** Exactly one of the two is there. */
  readonly grant: Grant | undefined;
  readonly refusal: Refusal | undefined;
  /** The scope with the fewest left; undefined where no scope limits it. */
  readonly requests: Level | undefined;
  readonly tokens: Level | undefined;
}

/** What a scope has used by now. A member is there where its limit is. */
export interface ScopeUsage {
  readonly requests?: Level;
  readonly tokens?: Level;
  readonly openStreams?: number;
  /** Of the UTC day, what is reserved included. */
  readonly spentNanoUsd?: number;
  /** This replica alone tells, of its share of the limits: what all share cannot be asked. */
  readonly local: boolean;
}

/**
 * Counts what requests take.
 *
 * A claim is decided at once for all limits of all its scopes: a request that one limit refuses takes nothing from the others.
 * A claim larger than a bucket or a budget counts as the whole of it, so that no wait is ever in vain; what it uses beyond
 * that is owed, and paid back by the requests after it.
 */
export interface LimitStore {
  /** Never rejects, and never takes longer than the store's timeout. */
  reserve(claim: Claim): Decision | Promise<Decision>;
  /** Replaces the estimate by what was used, and ends the stream. */
  settle(grant: Grant, used: Used): void;
  /** For an operator's eyes. Never rejects, and takes nothing. */
  usage(limits: ScopeLimits): ScopeUsage | Promise<ScopeUsage>;
  close(): Promise<void>;
}

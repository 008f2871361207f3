import type { LimitName } from '../../contract/metrics';
import { requestBucket, tokenBucket } from './buckets';
import type { Bucket } from './gcra';
import type { Claim, Grant, Level, ScopeLimits, ScopeUsage, Used } from './limit-store';
import type { RedisKeys } from './redis-keys';
import { Verdict } from './verdict';

/** One limit of one scope, as the scripts are told of it. */
interface Entry {
  readonly limit: LimitName;
  readonly limits: ScopeLimits;
  readonly key: string;
  /** Kind, and what never changes of the rest. */
  readonly head: readonly string[];
  readonly bucket?: Bucket;
}

type Writable<Shape> = { -readonly [Member in keyof Shape]: Shape[Member] };

/** Keys and arguments of one call. */
export interface Call {
  readonly keys: string[];
  readonly args: string[];
}

export interface Ruling {
  readonly admitted: boolean;
  readonly day: number;
  readonly verdict: Verdict;
  /** What the day has cost, per scope with a budget. */
  readonly spent: readonly { readonly limits: ScopeLimits; readonly nanoUsd: number }[];
}

/** What a scope's day had cost when this replica last heard of it. */
export type KnownCost = (limits: ScopeLimits, day: number) => number;

/** Writes claims and grants for the scripts of redis-scripts.ts, and reads their answers. */
export class ClaimCodec {
  readonly #entries = new WeakMap<ScopeLimits, readonly Entry[]>();

  constructor(
    private readonly keys: RedisKeys,
    private readonly known: KnownCost,
  ) {}

  /** True where a claim asks any limit at all. */
  asks(claim: Claim): boolean {
    return this.#asked(claim.scopes, claim.stream).length > 0;
  }

  reserve(claim: Claim, lease: string, leaseMs: number, day: number): Call {
    const keys: string[] = [];
    const args = [lease, String(leaseMs), String(day)];
    for (const { limit, limits, key, head } of this.#asked(claim.scopes, claim.stream)) {
      keys.push(key);
      args.push(...head);
      if (limit === 'requests') args.push('1');
      else if (limit === 'tokens') args.push(String(tokensTaken(claim, limits)));
      else if (limit === 'streams') args.push('0', '0');
      else args.push(String(costTaken(claim, limits)), String(this.known(limits, day)));
    }
    return { keys, args };
  }

  /** What an admitted claim has taken in Redis. */
  grant(claim: Claim, lease: string | undefined, day: number): Grant {
    const taken = claim.scopes.map((limits): Used => ({
      tokens: tokensTaken(claim, limits),
      nanoUsd: costTaken(claim, limits),
    }));
    return { scopes: claim.scopes, taken, day, lease, local: false };
  }

  /** @throws Error where the answer is none of the script's. */
  ruling(claim: Claim, reply: unknown): Ruling {
    const asked = this.#asked(claim.scopes, claim.stream);
    if (!isNumbers(reply, 2 + 3 * asked.length)) throw new Error('an answer of an unknown form');
    const verdict = new Verdict();
    const spent: { limits: ScopeLimits; nanoUsd: number }[] = [];
    asked.forEach(({ limit, limits, bucket }, index) => {
      const [wait, first, second] = reply.slice(3 * index + 2, 3 * index + 5) as [number, number, number];
      if (wait !== 0) verdict.refuse(limit, limits.scope, wait < 0 ? undefined : wait / 1000);
      if (bucket !== undefined && (limit === 'requests' || limit === 'tokens')) {
        verdict.tell(limit, levelOf(bucket, first, second));
      }
      if (limit === 'budget') spent.push({ limits, nanoUsd: first });
    });
    const admitted = reply[0] === 1;
    if (admitted !== (verdict.refusal === undefined)) throw new Error('an answer that contradicts itself');
    return { admitted, day: reply[1] ?? 0, verdict, spent };
  }

  /** Undefined where there is nothing to correct. */
  settle(grant: Grant, used: Used): Call | undefined {
    const keys: string[] = [];
    const args = [grant.lease ?? '', String(grant.day)];
    grant.scopes.forEach((limits, index) => {
      const taken = grant.taken[index] ?? { tokens: 0, nanoUsd: 0 };
      for (const { limit, key, head } of this.#of(limits)) {
        const correction = limit === 'tokens' ? used.tokens - taken.tokens : used.nanoUsd - taken.nanoUsd;
        // Tokens that were taken from this replica's share are not Redis' to give back.
        if (limit === 'requests' || (limit === 'streams' ? grant.lease === undefined : correction === 0))
          continue;
        if (limit === 'tokens' && grant.local) continue;
        keys.push(key);
        if (limit === 'tokens') args.push('b', head[1] ?? '', String(correction));
        else if (limit === 'streams') args.push('s', '0', '0');
        else args.push('d', String(correction), String(this.known(limits, grant.day)));
      }
    });
    return keys.length === 0 ? undefined : { keys, args };
  }

  /** Asks what a scope has used; {@link usage} reads the answer. Undefined where it has no limit. */
  usageCall(limits: ScopeLimits, day: number): Call | undefined {
    const keys: string[] = [];
    const args = [String(day)];
    for (const { limit, key, head } of this.#of(limits)) {
      keys.push(key);
      if (limit === 'streams') args.push('s', '0', '0');
      else if (limit === 'budget') args.push('d', '0', String(this.known(limits, day)));
      else args.push(...head);
    }
    return keys.length === 0 ? undefined : { keys, args };
  }

  /** @throws Error where the answer is none of the script's. */
  usage(limits: ScopeLimits, reply: unknown): ScopeUsage {
    const entries = this.#of(limits);
    if (!isNumbers(reply, 2 * entries.length)) throw new Error('an answer of an unknown form');
    const usage: Writable<ScopeUsage> = { local: false };
    entries.forEach(({ limit, bucket }, index) => {
      const [first = 0, second = 0] = reply.slice(2 * index, 2 * index + 2);
      if (limit === 'streams') usage.openStreams = first;
      else if (limit === 'budget') usage.spentNanoUsd = first;
      else if (bucket !== undefined) usage[limit] = levelOf(bucket, first, second);
    });
    return usage;
  }

  #asked(scopes: readonly ScopeLimits[], stream: boolean): readonly Entry[] {
    const asked: Entry[] = [];
    for (const limits of scopes) {
      for (const entry of this.#of(limits)) if (stream || entry.limit !== 'streams') asked.push(entry);
    }
    return asked;
  }

  #of(limits: ScopeLimits): readonly Entry[] {
    let entries = this.#entries.get(limits);
    if (entries === undefined) {
      entries = this.#write(limits);
      this.#entries.set(limits, entries);
    }
    return entries;
  }

  #write(limits: ScopeLimits): Entry[] {
    const entries: Entry[] = [];
    const { concurrentStreams, dailyBudgetNanoUsd } = limits;
    const buckets = [
      { limit: 'requests', key: this.keys.requests(limits), bucket: requestBucket(limits) },
      { limit: 'tokens', key: this.keys.tokens(limits), bucket: tokenBucket(limits) },
    ] as const;
    for (const { limit, key, bucket } of buckets) {
      if (bucket === undefined) continue;
      const head = ['b', String(bucket.intervalUs), String(bucket.capacity)];
      entries.push({ limit, limits, key, head, bucket });
    }
    if (concurrentStreams !== undefined) {
      const head = ['s', String(concurrentStreams)];
      entries.push({ limit: 'streams', limits, key: this.keys.streams(limits), head });
    }
    if (dailyBudgetNanoUsd !== undefined) {
      const head = ['d', String(dailyBudgetNanoUsd)];
      entries.push({ limit: 'budget', limits, key: this.keys.budget(limits), head });
    }
    return entries;
  }
}

function tokensTaken(claim: Claim, { tokensPerMinute }: ScopeLimits): number {
  return tokensPerMinute === undefined ? 0 : Math.min(claim.tokens, tokensPerMinute);
}

function costTaken(claim: Claim, { dailyBudgetNanoUsd }: ScopeLimits): number {
  return dailyBudgetNanoUsd === undefined ? 0 : Math.min(claim.nanoUsd, dailyBudgetNanoUsd);
}

function levelOf({ capacity }: Bucket, untilFullUs: number, remaining: number): Level {
  return { limit: Math.floor(capacity), remaining, resetMs: Math.max(0, untilFullUs) / 1000 };
}

function isNumbers(reply: unknown, length: number): reply is number[] {
  return (
    Array.isArray(reply) &&
    reply.length === length &&
    reply.every((value) => typeof value === 'number' && Number.isSafeInteger(value))
  );
}

import type { Claim, Decision, Grant, LimitStore, ScopeLimits, ScopeUsage, Used } from './limit-store';
import { LocalLimits, type Clocks } from './local-limits';
import { processClocks } from './memory-store';
import { ClaimCodec, type Ruling } from './redis-claim';
import { RedisKeys } from './redis-keys';
import { RedisLink, type LinkTimings, type RedisAddress } from './redis-link';
import { scripts } from './redis-scripts';
import { dayOf, type DaySum } from './utc-day';

export interface StoreTimings extends Omit<LinkTimings, 'callMs'> {
  /** How often a replica reports itself and its open streams. */
  readonly heartbeatMs: number;
  /** A replica that was silent for this long counts as gone, and its streams as ended. */
  readonly presenceMs: number;
}

export interface RedisStoreOptions {
  readonly address: RedisAddress;
  /** A decision of Redis that takes longer is made here instead. */
  readonly timeoutMs: number;
  readonly keyPrefix: string;
  /** This replica's name; no two may have the same at once. */
  readonly replica: string;
  /** Among how many the limits are shared out while Redis is away and has never told. */
  readonly maxReplicas: number;
  readonly timings: StoreTimings;
}

/** Told of what an operator must know. */
export interface StoreObserver {
  /** From here on Redis decides. */
  onShared(): void;
  /** From here on this replica decides by its share. Told again where the reason changes. */
  onLocal(reason: string): void;
  /** One decision by the share. */
  onLocalDecision(): void;
  /** How many replicas have reported themselves, this one included. */
  onReplicas(replicas: number): void;
}

/** Most leases that one call renews: Lua takes some thousands, and other calls wait behind it. */
const leasesPerCall = 500;

/**
 * Limits that all replicas share, in Redis. While Redis is away each replica decides alone, with its share of every limit:
 * neither is everything admitted then, nor nothing.
 */
export class RedisStore implements LimitStore {
  readonly #local: LocalLimits;
  readonly #keys: RedisKeys;
  readonly #codec: ClaimCodec;
  readonly #link: RedisLink;
  readonly #heartbeat: NodeJS.Timeout;
  #replicas: number;
  #reason = '';

  constructor(
    private readonly options: RedisStoreOptions,
    private readonly observer: StoreObserver,
    private readonly clocks: Clocks = processClocks,
  ) {
    const { address, timeoutMs, keyPrefix, replica, maxReplicas, timings } = options;
    this.#replicas = maxReplicas;
    this.#local = new LocalLimits(clocks, replica);
    this.#keys = new RedisKeys(keyPrefix);
    this.#codec = new ClaimCodec(this.#keys, (limits, day) =>
      this.#local.counters(limits).spentByAll.at(day),
    );
    this.#link = new RedisLink(address, { ...timings, callMs: timeoutMs }, Object.values(scripts), {
      onConnected: () => this.#report(),
      onUp: () => {
        this.#reason = '';
        observer.onShared();
      },
      onDown: (reason) => {
        if (reason === this.#reason) return;
        this.#reason = reason;
        observer.onLocal(reason);
      },
    });
    this.#link.open();
    this.#heartbeat = setInterval(() => {
      // A failed report ends the connection; the next one begins with a report.
      if (this.#link.isUp) void this.#report().catch(() => undefined);
    }, timings.heartbeatMs);
    this.#heartbeat.unref();
  }

  reserve(claim: Claim): Decision | Promise<Decision> {
    if (!this.#link.isUp) return this.#decideHere(claim);
    const day = this.#today();
    const lease = claim.stream ? this.#local.nextLease() : undefined;
    const { keys, args } = this.#codec.reserve(claim, lease ?? '', this.options.timings.presenceMs, day);
    if (keys.length === 0) {
      const grant = this.#codec.grant(claim, undefined, day);
      return { grant, refusal: undefined, requests: undefined, tokens: undefined };
    }
    return this.#link.call(scripts.reserve, keys, args).then(
      (reply) => this.#decided(claim, lease, reply),
      () => this.#decideHere(claim),
    );
  }

  settle(grant: Grant, used: Used): void {
    this.#local.release(grant);
    if (grant.local) this.#local.correctTokens(grant, used, this.#replicas);
    if (!this.#link.isUp) {
      this.#local.correctCost(grant, used);
      return;
    }
    const call = this.#codec.settle(grant, used);
    if (call === undefined) return;
    void this.#link.call(scripts.settle, call.keys, call.args).then(
      () => {
        this.#local.noteCorrection(grant, used);
      },
      () => {
        // Redis may have done it all the same. Counted twice, the budget ends early; not counted, it would not end.
        this.#local.correctCost(grant, used, 'upwards');
      },
    );
  }

  async usage(limits: ScopeLimits): Promise<ScopeUsage> {
    const call = this.#codec.usageCall(limits, this.#today());
    if (call === undefined) return { local: false };
    try {
      return this.#codec.usage(limits, await this.#link.call(scripts.usage, call.keys, call.args));
    } catch {
      return { ...this.#local.usage(limits, this.#replicas), local: true };
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    // The others' shares grow at once, not after the presence has run out.
    if (this.#link.isUp) {
      await this.#link.send(['ZREM', this.#keys.members, this.options.replica]).catch(() => undefined);
    }
    this.#link.close();
  }

  #decideHere(claim: Claim): Decision {
    this.observer.onLocalDecision();
    return this.#local.decide(claim, this.#replicas);
  }

  #decided(claim: Claim, lease: string | undefined, reply: unknown): Decision {
    let ruling: Ruling;
    try {
      ruling = this.#codec.ruling(claim, reply);
    } catch (error) {
      this.#link.condemn(String(error));
      return this.#decideHere(claim);
    }
    const { admitted, day, verdict, spent } = ruling;
    for (const { limits, nanoUsd } of spent) this.#local.counters(limits).spentByAll.set(day, nanoUsd);
    if (admitted && lease !== undefined) this.#local.hold(claim.scopes, lease);
    return {
      grant: admitted ? this.#codec.grant(claim, lease, day) : undefined,
      refusal: verdict.refusal,
      requests: verdict.requests,
      tokens: verdict.tokens,
    };
  }

  /** Says that this replica lives and which streams it has open, and hands in what was spent while Redis was away. */
  async #report(): Promise<void> {
    const { replica, timings } = this.options;
    const presence = String(timings.presenceMs);
    const replicas = await this.#link.call(scripts.heartbeat, [this.#keys.members], [replica, presence]);
    if (typeof replicas !== 'number' || replicas < 1) throw new Error('an answer of an unknown form');
    this.#replicas = replicas;
    this.observer.onReplicas(replicas);
    for (const [key, { leases, spent, spentByAll }] of this.#local.all()) {
      const open = [...leases];
      for (let first = 0; first < open.length; first += leasesPerCall) {
        // One that has ended since it was listed must not be counted again.
        const some = open.slice(first, first + leasesPerCall).filter((lease) => leases.has(lease));
        await this.#link.call(scripts.renew, [this.#keys.streams({ key })], [presence, ...some]);
      }
      await this.#handIn(key, spent, spentByAll);
    }
  }

  async #handIn(key: string, spent: DaySum, spentByAll: DaySum): Promise<void> {
    const { day, sum } = spent.drain();
    if (sum === 0) return;
    const known = spentByAll.at(day);
    try {
      const args = ['', String(day), 'd', String(sum), String(known)];
      await this.#link.call(scripts.settle, [this.#keys.budget({ key })], args);
      spentByAll.set(day, known + sum);
    } catch (error) {
      spent.add(day, Math.max(0, sum));
      throw error;
    }
  }

  #today(): number {
    return dayOf(this.clocks.utc());
  }
}

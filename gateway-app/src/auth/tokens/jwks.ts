import { errors, type JWTVerifyGetKey } from 'jose';
import type { JwksConfig } from '../../../contract/runtime-config-access';
import type { Timings } from '../../core/timings';
import { fetchJson } from './fetch-json';
import { keySetOf, type KeySet } from './key-set';

/** Neither a valid nor an invalid token can be told: there are no keys. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export interface JwksObserver {
  onFetched(): void;
  onFailed(url: string, error: unknown): void;
}

export interface JwksOptions {
  readonly config: JwksConfig;
  /** Authorities in PEM, as they are now. */
  readonly ca: () => string | undefined;
}

/**
 * The keys of one issuer. They are fetched at once and again whenever they are old, beside the requests; a request waits
 * for them only where there are none yet, or where its token names one that is not among them.
 */
export class Jwks {
  #held: { readonly keys: KeySet; readonly fetchedMs: number } | undefined;
  #fetching: Promise<void> | undefined;
  #triedMs = -Infinity;
  #failingSinceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #stopped = new AbortController();

  constructor(
    private options: JwksOptions,
    private readonly timings: Timings['identity'],
    private readonly observer: JwksObserver,
  ) {
    void this.#fetch();
  }

  /** For a changed configuration: the keys stay, for they are the issuer's. */
  configure(options: JwksOptions): void {
    this.options = options;
    this.#plan();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  /** For how long, in milliseconds, no attempt has succeeded; 0 where the last one did. */
  get failingForMs(): number {
    return this.#failingSinceMs === undefined ? 0 : performance.now() - this.#failingSinceMs;
  }

  /** The keys in use, the same object while they are the same; undefined where there are none, or they are too old. */
  get usable(): KeySet | undefined {
    if (this.#held === undefined) return undefined;
    const ageMs = performance.now() - this.#held.fetchedMs;
    return ageMs <= this.options.config.keepSeconds * 1_000 ? this.#held.keys : undefined;
  }

  /**
   * Finds the key of a token.
   *
   * @throws KeysUnavailable where there are none; an error of jose where it is not among them.
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await (await this.#keys()).find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayLookAgain()) throw error;
      await this.#fetch();
      return (await this.#keys()).find(header, token);
    }
  };

  /** The issuer may have a new key. Anybody can name one that never was, so it is not asked for each of them. */
  #mayLookAgain(): boolean {
    return this.#fetching !== undefined || performance.now() - this.#triedMs >= this.timings.jwksCooldownMs;
  }

  async #keys(): Promise<KeySet> {
    const { usable } = this;
    if (usable !== undefined) return usable;
    if (this.#fetching === undefined && performance.now() - this.#triedMs < this.timings.jwksRetryMs) {
      throw new KeysUnavailable('The last attempt to fetch the keys has just failed.');
    }
    await this.#fetch();
    if (this.usable === undefined) throw new KeysUnavailable('The keys could not be fetched.');
    return this.usable;
  }

  /** One at a time, for whoever waits. Never rejects. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#attempt().finally(() => {
      this.#fetching = undefined;
      this.#plan();
    });
    return this.#fetching;
  }

  async #attempt(): Promise<void> {
    const { config, ca } = this.options;
    this.#triedMs = performance.now();
    try {
      const { jwksFetchMs: deadlineMs } = this.timings;
      const { signal } = this.#stopped;
      const fetched = keySetOf(await fetchJson(config.url, { deadlineMs, ca: ca(), signal }));
      const before = this.#held?.keys;
      const keys = before?.fingerprint === fetched.fingerprint ? before : fetched;
      this.#held = { keys, fetchedMs: performance.now() };
      this.#failingSinceMs = undefined;
      this.observer.onFetched();
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#failingSinceMs ??= performance.now();
      this.observer.onFailed(config.url, error);
    }
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted) return;
    const pauseMs =
      this.#failingSinceMs === undefined
        ? this.options.config.refreshSeconds * 1_000
        : this.timings.jwksRetryMs;
    const dueMs = Math.max(0, this.#triedMs + pauseMs - performance.now());
    this.#timer = setTimeout(() => void this.#fetch(), dueMs).unref();
  }
}

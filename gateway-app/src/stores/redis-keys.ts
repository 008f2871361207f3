import type { ScopeLimits } from './limit-store';

/** What one replica stores under in Redis. */
export class RedisKeys {
  /**
   * @param prefix In braces: a cluster keeps all keys of one such tag on one node, and a script may touch keys of one node
   * only.
   */
  constructor(private readonly prefix: string) {}

  get members(): string {
    return `{${this.prefix}}:members`;
  }

  requests({ key }: Pick<ScopeLimits, 'key'>): string {
    return this.#of(key, 'requests');
  }

  tokens({ key }: Pick<ScopeLimits, 'key'>): string {
    return this.#of(key, 'tokens');
  }

  streams({ key }: Pick<ScopeLimits, 'key'>): string {
    return this.#of(key, 'streams');
  }

  budget({ key }: Pick<ScopeLimits, 'key'>): string {
    return this.#of(key, 'budget');
  }

  #of(scope: string, limit: string): string {
    return `{${this.prefix}}:${scope}:${limit}`;
  }
}

import type { Claim, ScopeLimits } from '../../gateway-app/src/stores/limit-store';
import {
  RedisStore,
  type RedisStoreOptions,
  type StoreObserver,
} from '../../gateway-app/src/stores/redis-store';
import { waitFor } from '../support/wait';

export const usd = 1e9;

let scopes = 0;

/** A tenant that no other test has. */
export function tenant(limits: Omit<ScopeLimits, 'scope' | 'key'>): ScopeLimits {
  scopes += 1;
  return { scope: 'client', key: `tenant:${process.pid}-${scopes}`, ...limits };
}

export function region(limits: Omit<ScopeLimits, 'scope' | 'key'>): ScopeLimits {
  return { ...tenant(limits), scope: 'global' };
}

export function claim(scopesOfIt: ScopeLimits | ScopeLimits[], rest: Partial<Claim> = {}): Claim {
  return { scopes: [scopesOfIt].flat(), tokens: 0, nanoUsd: 0, stream: false, ...rest };
}

/** Faster than in production, so that a test sees a replica die. */
export const fastTimings = {
  heartbeatMs: 50,
  presenceMs: 1_500,
  connectMs: 1_000,
  retryMinMs: 20,
  retryMaxMs: 100,
};

/** Remembers what the store told. */
export class Witness implements StoreObserver {
  readonly reasons: string[] = [];
  replicas = 0;
  shared = false;
  localDecisions = 0;

  onShared(): void {
    this.shared = true;
  }

  onReplicas(replicas: number): void {
    this.replicas = replicas;
  }

  onLocal(reason: string): void {
    this.shared = false;
    this.reasons.push(reason);
  }

  onLocalDecision(): void {
    this.localDecisions += 1;
  }
}

let replicas = 0;

export function redisStore(
  port: number,
  rest: Partial<RedisStoreOptions> = {},
): { store: RedisStore; witness: Witness } {
  replicas += 1;
  const witness = new Witness();
  const store = new RedisStore(
    {
      address: { host: '127.0.0.1', port, tls: false },
      // A busy machine must not turn a test of Redis' decisions into one of the local share's.
      timeoutMs: 2_000,
      keyPrefix: 'test',
      replica: `replica-${process.pid}-${replicas}`,
      maxReplicas: 1,
      timings: fastTimings,
      ...rest,
    },
    witness,
  );
  return { store, witness };
}

/** A store whose decisions are made in Redis. */
export async function sharedStore(
  port: number,
  rest: Partial<RedisStoreOptions> = {},
): Promise<{ store: RedisStore; witness: Witness }> {
  const { store, witness } = redisStore(port, rest);
  await waitFor('the store to reach Redis', () => witness.shared);
  return { store, witness };
}

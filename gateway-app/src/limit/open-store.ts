import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { InvalidInput } from '../../contract/validate';
import type { LimitStore } from '../stores/limit-store';
import { MemoryStore } from '../stores/memory-store';
import { RedisStore, type StoreObserver, type StoreTimings } from '../stores/redis-store';

/** Opens the store that the configuration asks for. It serves at once; Redis is reached in the background. */
export function openStore(
  config: RuntimeConfig['store'],
  secret: (file: string) => string,
  observer: StoreObserver,
  timings: StoreTimings,
): LimitStore {
  if (config.kind === 'memory') return new MemoryStore();
  const { host, port, tls, caFile, username, passwordFile, timeoutMs, keyPrefix, maxReplicas } = config;
  return new RedisStore(
    {
      address: {
        host,
        port,
        tls,
        ...(caFile !== undefined && { ca: () => secret(caFile) }),
        ...(username !== undefined && { username }),
        ...(passwordFile !== undefined && { password: () => secret(passwordFile) }),
      },
      timeoutMs,
      keyPrefix,
      maxReplicas,
      // The name of a pod is its host's; a process that restarts in it must not inherit the old one's streams.
      replica: `${hostname()}-${randomUUID().slice(0, 8)}`,
      timings,
    },
    observer,
  );
}

/**
 * Checks that a new configuration leaves the store as it is: requests in progress have taken from it.
 *
 * @throws InvalidInput where it does not.
 */
export function sameStore(old: RuntimeConfig['store'], next: RuntimeConfig['store']): void {
  if (isDeepStrictEqual(old, next)) return;
  const problem = {
    path: 'store',
    value: JSON.stringify(next),
    rule: `must stay ${JSON.stringify(old)} while the process runs, for what was used is counted there`,
    fix: 'restart the gateway, or undo the change',
  };
  throw new InvalidInput('The configuration', [problem], 'The old configuration stays in use.');
}

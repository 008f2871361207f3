import type { Bucket } from './gcra';
import type { ScopeLimits } from './limit-store';

const minuteUs = 60_000_000;
const secondUs = 1_000_000;

/**
 * @param replicas The limit is shared out among this many. A share holds one request at least: with less, none would ever be
 * admitted; its rate stays the exact share.
 */
export function requestBucket({ requests }: ScopeLimits, replicas = 1): Bucket | undefined {
  if (requests === undefined) return undefined;
  const { perSecond, burst } = requests;
  return { intervalUs: (secondUs / perSecond) * replicas, capacity: Math.max(1, burst / replicas) };
}

export function tokenBucket({ tokensPerMinute }: ScopeLimits, replicas = 1): Bucket | undefined {
  if (tokensPerMinute === undefined) return undefined;
  return {
    intervalUs: (minuteUs / tokensPerMinute) * replicas,
    capacity: Math.max(1, tokensPerMinute / replicas),
  };
}

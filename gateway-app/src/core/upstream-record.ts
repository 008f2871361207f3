import type { UpstreamFailure } from '../../contract/metrics';
import { costNanoUsd } from './price';
import type { Target } from './targets';
import type { Usage } from './usage';

/** One attempt at a provider, for metrics, log and bill. Times are of the request's clock. */
export interface UpstreamRecord {
  readonly target: Target;
  readonly startedMs: number;
  /** Of its span, where the request is traced. */
  readonly spanId?: string | undefined;
  firstBytesMs?: number;
  endedMs?: number;
  /** Its HTTP status, or how the exchange failed. */
  result?: number | UpstreamFailure;
  /** What the provider bills. Absent where nothing was used. */
  usage?: Usage;
}

/** What all attempts at one request have used; undefined where none has. */
export function usageOf(attempts: readonly UpstreamRecord[]): Usage | undefined {
  let sum: Usage | undefined;
  for (const { usage } of attempts) {
    if (usage === undefined) continue;
    sum = sum === undefined ? usage : added(sum, usage);
  }
  return sum;
}

/** What that costs, each at the price of its target; undefined where none of them has a price. */
export function costNanoUsdOf(attempts: readonly UpstreamRecord[]): number | undefined {
  let sum: number | undefined;
  for (const { usage, target } of attempts) {
    if (usage === undefined || target.price === undefined) continue;
    sum = (sum ?? 0) + costNanoUsd(target.price, usage);
  }
  return sum;
}

function added(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    estimated: one.estimated || other.estimated,
  };
}

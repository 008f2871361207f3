import { headers, rateLimitHeaders } from '../../contract/headers';
import type { AnswerHeaders } from '../core/client-exchange';
import type { Decision, Level } from '../stores/limit-store';

/** The headers by which OpenAI tells of limits, for every answer; on a refusal also when to ask again. */
export function answerHeadersOf({ requests, tokens, refusal }: Decision): AnswerHeaders | undefined {
  const told: AnswerHeaders = {};
  if (requests !== undefined) tell(told, rateLimitHeaders.requests, requests);
  if (tokens !== undefined) tell(told, rateLimitHeaders.tokens, tokens);
  // Seconds are all that the header knows, and a moment too early would be refused.
  if (refusal?.waitMs !== undefined)
    told[headers.retryAfter] = String(Math.ceil(writable(refusal.waitMs) / 1000));
  return Object.keys(told).length === 0 ? undefined : told;
}

function tell(
  told: AnswerHeaders,
  names: (typeof rateLimitHeaders)['requests' | 'tokens'],
  level: Level,
): void {
  told[names.limit] = String(level.limit);
  told[names.remaining] = String(level.remaining);
  told[names.reset] = durationText(level.resetMs);
}

/** As OpenAI writes durations: `12ms`, `8.64s`, `6m0s`, `1h2m3s`. Rounded up, for the time must be over when it has passed. */
export function durationText(milliseconds: number): string {
  const wholeMs = Math.ceil(writable(milliseconds));
  if (wholeMs < 1000) return `${wholeMs}ms`;
  if (wholeMs < 60_000) return `${wholeMs / 1000}s`;
  const seconds = Math.ceil(wholeMs / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${seconds % 60}s`;
}

/** `Infinity` is no number in a header: clients would fail to read it, or ask again at once. */
function writable(milliseconds: number): number {
  return Number.isFinite(milliseconds) ? milliseconds : Number.MAX_SAFE_INTEGER;
}

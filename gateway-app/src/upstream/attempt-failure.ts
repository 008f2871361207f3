import type { IncomingHttpHeaders } from 'node:http';
import type { RetryReason } from '../../contract/metrics';

/** How an attempt failed, before the client was sent anything. */
export interface AttemptFailure {
  /** Undefined: another attempt would fail alike, and the client is told. */
  readonly reason: RetryReason | undefined;
  /** When the provider wants to be asked again, from now. */
  readonly retryAfterMs: number | undefined;
}

/** The provider refused before it did any work, or never had the whole request: it bills nothing. */
const unbilled: ReadonlySet<RetryReason> = new Set<RetryReason>([
  'connect_error',
  'rate_limited',
  'overloaded',
  'credentials_rejected',
]);

export function isUnbilled(reason: RetryReason): boolean {
  return unbilled.has(reason);
}

/** Why an error status may be answered by another attempt. Undefined: the fault is the client's. */
export function reasonOf(status: number): RetryReason | undefined {
  if (status === 429) return 'rate_limited';
  // Anthropic's word for 503.
  if (status === 503 || status === 529) return 'overloaded';
  return status >= 500 ? 'server_error' : undefined;
}

const maxDigits = 9;
const decimal = /^\d+(\.\d+)?$/;

/** Reads `retry-after-ms`, or `retry-after` in seconds or as a date. Undefined where the provider says nothing sensible. */
export function retryAfterMsOf(headers: IncomingHttpHeaders, wallClockMs = Date.now()): number | undefined {
  const ms = numberOf(headers['retry-after-ms']);
  if (ms !== undefined) return ms;
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse takes "-1" and "7 s" for dates.
  const atMs = text.endsWith('GMT') ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - wallClockMs);
}

function numberOf(text: string | string[] | undefined): number | undefined {
  if (typeof text !== 'string' || text.length > maxDigits || !decimal.test(text)) return undefined;
  return Number(text);
}

/** What the processes of a benchmark tell one another. */

export interface Ports {
  readonly plain: number;
  readonly tls: number;
}

export type Order =
  | { readonly kind: 'requests'; readonly seconds: number }
  | { readonly kind: 'paced'; readonly perSecond: number; readonly seconds: number }
  | { readonly kind: 'streams'; readonly streams: number; readonly model: string }
  | { readonly kind: 'soak'; readonly perSecond: number; readonly seconds: number };

export interface RequestsMeasured {
  readonly requestsPerSecond: number;
  readonly cpuUsPerRequest: number;
}

/** Latency from when a request was due, so that a target too busy to take it does not look quick. */
export interface PacedMeasured {
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface StreamsMeasured {
  /** Streams that broke off. */
  readonly failed: number;
  readonly chunksDelivered: number;
  readonly chunksExpected: number;
  readonly cpuUsPerChunk: number;
  readonly firstChunkP50Ms: number;
  readonly firstChunkP99Ms: number;
  /** From the first stream's beginning to the last one's end: longer than planned where the target falls behind. */
  readonly seconds: number;
  readonly residentBytes: number;
}

/** How many requests ended in which way. */
export type SoakMeasured = Readonly<Record<string, number>>;

/** All streams are opened within this time, one after the other. */
export const openingMs = 1_000;
export const requestsInFlight = 64;

/** @param sorted In ascending order. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? NaN;
}

/** What the processes of this benchmark tell one another. */

export interface Ports {
  readonly plain: number;
  readonly tls: number;
}

export type Order =
  | { readonly kind: 'requests'; readonly seconds: number }
  | { readonly kind: 'streams'; readonly streams: number };

export interface RequestsMeasured {
  readonly requestsPerSecond: number;
  readonly cpuUsPerRequest: number;
}

export interface StreamsMeasured {
  readonly chunksDelivered: number;
  readonly cpuUsPerChunk: number;
  readonly firstChunkP50Ms: number;
  readonly firstChunkP99Ms: number;
  readonly residentBytes: number;
}

export const streamPath = '/stream';
export const chunkBytes = 200;
export const chunksPerStream = 60;
export const chunkIntervalMs = 50;
/** All streams are opened within this time, one after the other. */
export const openingMs = 1_000;
export const requestsInFlight = 64;

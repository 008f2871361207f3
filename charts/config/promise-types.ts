import type { Duration } from 'cdk8s';

/**
 * What the deployment is to bear. The synth computes whether it can, and says what to change where it can't. What clients
 * are promised beside it, availability and latency, stands in `monitoring.slos`, because alerts watch it.
 */
export interface PromisesInput {
  /** Requests per second of all clients together. One region must bear them alone, since the others may be lost. */
  readonly requestsPerSecond: number;
  /** How long the stream of an answer lasts, whole milliseconds. @default 5 seconds (streamDuration) */
  readonly streamDuration?: Duration;
  /** Tokens, and so chunks, per second of one stream. @default 20 (tokensPerSecond) */
  readonly tokensPerSecond?: number;
  /** Zones of a region that may be lost at a time. @default 1 (lostZones) */
  readonly lostZones?: number;
  /** What a pod can bear. Absent: as measured for the gateway's image. */
  readonly capacity?: CapacityInput;
}

/** What a pod can bear, from its CPU time: a process of the gateway serves on one core, however many its limit allows. */
export interface CapacityInput {
  /** CPU time of a request and its answer, without the chunks of a stream. @default 180 (requestCpuMicros) */
  readonly requestCpuMicros?: number;
  /** CPU time of one chunk of a stream. @default 30 (chunkCpuMicros) */
  readonly chunkCpuMicros?: number;
  /** Share of the core up to which the gateway adds no delay worth a promise, 1 to 100. @default 70 (busyPercent) */
  readonly busyPercent?: number;
}

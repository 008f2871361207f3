import { Duration } from 'cdk8s';

/** A service level objective: which requests count as good, and how many of them must be. */
export type Slo = AvailabilitySlo | LatencySlo;

/** Value of the label `slo` of its rules. */
export type SloName = Slo['name'];

interface AvailabilitySlo {
  readonly name: 'gateway-availability' | 'user-availability';
  /** Percent of good requests, e.g. 99.99. */
  readonly target: number;
}

interface LatencySlo {
  readonly name: 'overhead-latency' | 'first-byte-latency';
  /** Percent of requests that must be fast enough, e.g. 99. */
  readonly target: number;
  /** Slower ones count against the objective. */
  readonly under: Duration;
}

interface LatencyTarget {
  /** Percent of requests that must be fast enough, above 93.06 and below 100: 99 is the P99. */
  readonly percentile: number;
  /** A bound of the histogram's buckets: a share between two bounds cannot be counted. */
  readonly under: Duration;
}

/** Objectives, each by what it promises. Values are checked where they are used, all at once. */
export const Slo = {
  /**
   * Percent of requests that do not fail by the gateway's own fault, above 93.06 and below 100. A provider's outage does
   * not count here.
   */
  availability: (target: number): Slo => ({ name: 'gateway-availability', target }),

  /**
   * Percent of requests that users get answered in full, above 93.06 and below 100. A 5xx counts as bad whoever caused
   * it, and so do a provider's 429 and a stream that is cut after its 200. The gateway's refusals by policy and clients'
   * own errors count neither way.
   */
  userAvailability: (target: number): Slo => ({ name: 'user-availability', target }),

  /** The time that the gateway itself adds to a request. */
  latency: ({ percentile, under }: LatencyTarget): Slo => ({
    name: 'overhead-latency',
    target: percentile,
    under,
  }),

  /**
   * From the request sent to a provider to the first bytes of its streamed answer: what users wait for, beside the
   * gateway's own share. It depends on models and prompts, so there is no default.
   */
  timeToFirstByte: ({ percentile, under }: LatencyTarget): Slo => ({
    name: 'first-byte-latency',
    target: percentile,
    under,
  }),
};

/** The objectives of a gateway that states none of its own. */
export const standardSlos: readonly Slo[] = [
  Slo.availability(99.99),
  Slo.userAvailability(99.9),
  Slo.latency({ percentile: 99, under: Duration.millis(100) }),
];

/**
 * The generic cell rate algorithm: a leaky bucket whose whole state is one time, the one at which it will be full again. All
 * times are microseconds of one clock, and may be fractions: a rate of 30,000/s has an interval of 33.3.
 */
export interface Bucket {
  /** One unit refills in this time. */
  readonly intervalUs: number;
  /** Most units at once. */
  readonly capacity: number;
}

/** Below the resolution of the clock: a sum of fractions must not refuse the last unit of a burst. */
const toleranceUs = 1;

/** How long a claim of `units` has to wait; 0 where the bucket holds them now. */
export function waitUs(
  { intervalUs, capacity }: Bucket,
  fullAtUs: number,
  nowUs: number,
  units: number,
): number {
  const overUs = Math.max(fullAtUs, nowUs) + (units - capacity) * intervalUs - nowUs;
  return overUs > toleranceUs ? Math.ceil(overUs) : 0;
}

/** State after `units` were taken, or given back where negative. */
export function taken({ intervalUs }: Bucket, fullAtUs: number, nowUs: number, units: number): number {
  return Math.max(fullAtUs, nowUs) + units * intervalUs;
}

/** Whole units that the bucket holds. */
export function remaining({ intervalUs, capacity }: Bucket, fullAtUs: number, nowUs: number): number {
  const owedUs = Math.max(0, fullAtUs - nowUs - toleranceUs);
  return Math.max(0, Math.floor(capacity - owedUs / intervalUs));
}

/**
 * The generic cell rate algorithm: a bucket that leaks evenly. Times are microseconds of one clock; intervals may be fractions
 * of them, as 33.3 is for a rate of 30,000/s.
 */
export interface Bucket {
  /** One unit refills in this time. */
  readonly intervalUs: number;
  /** Most units at once. */
  readonly capacity: number;
}

/**
 * What has been taken and has not refilled yet. In units and not in the time they take to refill: a changed rate counts
 * from its first second on, also for what was taken before.
 */
export class Debt {
  #units = 0;
  #atUs = 0;

  at({ intervalUs }: Bucket, nowUs: number): number {
    return Math.max(0, this.#units - Math.max(0, nowUs - this.#atUs) / intervalUs);
  }

  /** Takes units, or gives them back where negative. */
  add(bucket: Bucket, nowUs: number, units: number): void {
    this.#units = this.at(bucket, nowUs) + units;
    this.#atUs = nowUs;
  }
}

/** Below the resolution of the clock: a sum of fractions must not refuse the last unit of a burst. */
const toleranceUs = 1;

/** How long a claim of `units` has to wait; 0 where the bucket holds them now. */
export function waitUs({ intervalUs, capacity }: Bucket, owed: number, units: number): number {
  const overUs = (owed + units - capacity) * intervalUs;
  return overUs > toleranceUs ? Math.ceil(overUs) : 0;
}

/** Whole units that the bucket holds. */
export function remaining({ intervalUs, capacity }: Bucket, owed: number): number {
  return Math.max(0, Math.floor(capacity - Math.max(0, owed - toleranceUs / intervalUs)));
}

/** A value that only grows. */
export class Counter {
  value = 0;

  increment(): void {
    this.value += 1;
  }
}

/** A value that is set, as a rule when it is read. */
export class Gauge {
  value = 0;
}

/** Counts observations in buckets. */
export class Histogram {
  /** Per bucket, not yet added up: an observation touches one number. The last one is `+Inf`. */
  readonly counts: number[];
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    this.sum += value;
    const { bounds, counts } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? Infinity)) index += 1;
    counts[index] = (counts[index] ?? 0) + 1;
  }
}

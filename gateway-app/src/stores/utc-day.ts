const dayMs = 86_400_000;

/** Milliseconds since 1970 of the wall clock. For days only: it may be corrected, and then jumps. */
export type UtcClock = () => number;

/** Days since 1970. */
export function dayOf(utcMs: number): number {
  return Math.floor(utcMs / dayMs);
}

export function untilNextDayMs(utcMs: number): number {
  return dayMs - (utcMs % dayMs);
}

/** A sum that starts anew with each UTC day. */
export class DaySum {
  #day = 0;
  #sum = 0;

  at(day: number): number {
    return this.#day === day ? this.#sum : 0;
  }

  /** What comes late of a day that is over is dropped: the next must not pay for it. */
  add(day: number, amount: number): void {
    if (day < this.#day) return;
    this.set(day, this.at(day) + amount);
  }

  set(day: number, sum: number): void {
    this.#day = day;
    this.#sum = sum;
  }

  /** The newest day and its sum, which is 0 from here on. */
  drain(): { day: number; sum: number } {
    const drained = { day: this.#day, sum: this.#sum };
    this.#sum = 0;
    return drained;
  }
}

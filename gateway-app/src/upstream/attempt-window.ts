/** Parts in which the past is forgotten: the window is exact to a tenth of its length. */
const slotCount = 10;

/** Counts the attempts of the last while, in memory that does not grow with them. */
export class AttemptWindow {
  readonly #slotMs: number;
  readonly #attemptsBySlot = new Array<number>(slotCount).fill(0);
  readonly #failuresBySlot = new Array<number>(slotCount).fill(0);
  /** Number of the slot that is filled now, counted from the clock's zero. */
  #slot = 0;
  #attempts = 0;
  #failures = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / slotCount;
  }

  add(failed: boolean, nowMs: number): void {
    this.#forget(nowMs);
    const index = this.#slot % slotCount;
    this.#attempts += 1;
    this.#attemptsBySlot[index] = (this.#attemptsBySlot[index] ?? 0) + 1;
    if (!failed) return;
    this.#failures += 1;
    this.#failuresBySlot[index] = (this.#failuresBySlot[index] ?? 0) + 1;
  }

  at(nowMs: number): { readonly attempts: number; readonly failures: number } {
    this.#forget(nowMs);
    return { attempts: this.#attempts, failures: this.#failures };
  }

  /** Share of failures; 0 of fewer attempts than `atLeast`. */
  failureRatio(atLeast: number): number {
    return this.#attempts < atLeast ? 0 : this.#failures / this.#attempts;
  }

  clear(): void {
    this.#attemptsBySlot.fill(0);
    this.#failuresBySlot.fill(0);
    this.#attempts = 0;
    this.#failures = 0;
  }

  #forget(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs);
    if (slot === this.#slot) return;
    if (slot - this.#slot >= slotCount) this.clear();
    else {
      for (let passed = this.#slot + 1; passed <= slot; passed += 1) {
        const index = passed % slotCount;
        this.#attempts -= this.#attemptsBySlot[index] ?? 0;
        this.#failures -= this.#failuresBySlot[index] ?? 0;
        this.#attemptsBySlot[index] = 0;
        this.#failuresBySlot[index] = 0;
      }
    }
    this.#slot = slot;
  }
}

/** Bounds what is done beside the requests by a share of them, so that an outage is not met by a storm. */
export class TokenBudget {
  #saved: number;
  readonly #ratio: number;
  readonly #burst: number;

  constructor({ ratio, burst }: { readonly ratio: number; readonly burst: number }) {
    this.#ratio = ratio;
    this.#burst = burst;
    this.#saved = burst;
  }

  /** A request came. */
  deposit(): void {
    this.#saved = Math.min(this.#burst, this.#saved + this.#ratio);
  }

  /** @returns False where nothing is left. */
  withdraw(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}

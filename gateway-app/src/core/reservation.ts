/** What the limits hold for a request until its end. */
export interface Reservation {
  /** Replaces it by what was used, by all attempts together. */
  settle(tokens: number, nanoUsd: number): void;
}

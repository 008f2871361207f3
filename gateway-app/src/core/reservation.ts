import type { Usage } from './usage';

/** What the limits hold for a request until its end. */
export interface Reservation {
  /** @param usage Undefined where nothing was used. */
  settle(usage: Usage | undefined): void;
}

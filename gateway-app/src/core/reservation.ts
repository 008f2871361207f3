import type { Price } from './price';
import type { Usage } from './usage';

/** What the limits hold for a request until its end. */
export interface Reservation {
  /**
   * @param usage Undefined where nothing was used.
   * @param price What that costs at the target that answered.
   */
  settle(usage: Usage | undefined, price: Price | undefined): void;
}

import type { Reservation } from '../core/reservation';
import type { Grant, LimitStore } from '../stores/limit-store';

/** What the limits hold for one request. */
export class LimitReservation implements Reservation {
  constructor(
    private readonly store: LimitStore,
    private readonly grant: Grant,
  ) {}

  settle(tokens: number, nanoUsd: number): void {
    this.store.settle(this.grant, { tokens: finite(tokens), nanoUsd: finite(nanoUsd) });
  }
}

/** What is no number would stay in the sums of a limit, and refuse everything after it. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

import type { Reservation } from '../core/reservation';
import type { Usage } from '../core/usage';
import type { Grant, LimitStore } from '../stores/limit-store';
import { costNanoUsd, type Price } from '../core/price';

/** What the limits hold for one request. */
export class LimitReservation implements Reservation {
  constructor(
    private readonly store: LimitStore,
    private readonly grant: Grant,
  ) {}

  settle(usage: Usage | undefined, price: Price | undefined): void {
    const used =
      usage === undefined
        ? { tokens: 0, nanoUsd: 0 }
        : { tokens: usage.inputTokens + usage.outputTokens, nanoUsd: costNanoUsd(price, usage) };
    this.store.settle(this.grant, { tokens: finite(used.tokens), nanoUsd: finite(used.nanoUsd) });
  }
}

/** What is no number would stay in the sums of a limit, and refuse everything after it. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

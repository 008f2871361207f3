import type { CompletionStage } from '../core/stage';
import { costNanoUsdOf } from '../core/upstream-record';

/** Replaces what was reserved for the request by what it has used, and ends its stream. */
export function settle(): CompletionStage {
  return (context) => {
    const { reservation, usage } = context;
    if (reservation === undefined) return;
    context.reservation = undefined;
    const tokens = usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
    reservation.settle(tokens, costNanoUsdOf(context.attempts) ?? 0);
  };
}

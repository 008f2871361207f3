import type { CompletionStage } from '../core/stage';

/** Replaces what was reserved for the request by what it has used, and ends its stream. */
export function settle(): CompletionStage {
  return (context) => {
    context.reservation?.settle(context.usage, context.target?.price);
    context.reservation = undefined;
  };
}

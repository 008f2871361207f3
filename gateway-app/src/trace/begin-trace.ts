import type { RuntimeConfig } from '../../contract/runtime-config';
import type { RequestStage } from '../core/stage';
import { beginTrace } from '../core/trace-context';

/** Of the part of a trace id by which a share is drawn. */
const idBits = 2 ** 32;

/** Begins the span of each request, or joins the client's trace. Does nothing where no traces are asked for. */
export function traceRequest({ tracing }: RuntimeConfig): RequestStage {
  if (tracing === undefined) return () => undefined;
  const bound = tracing.sampleRatio * idBits;
  // By the id and not by a new random number: whoever else samples this trace by the same ratio decides alike.
  const isSampled = (traceId: string): boolean => Number.parseInt(traceId.slice(-8), 16) < bound;
  return (context) => {
    context.trace = beginTrace(context.request.headers, isSampled);
  };
}

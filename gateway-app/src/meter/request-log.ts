import type { CompletionStage } from '../core/stage';
import type { RequestContext } from '../core/request-context';
import type { Logger } from '../telemetry/logger';

/** Writes one line per request. Neither prompts nor keys are within its reach. */
export function requestLog(logger: Logger): CompletionStage {
  return (context) => {
    const line = lineOf(context);
    if (context.errorSource === 'gateway') logger.error(line, 'request');
    else logger.info(line, 'request');
  };
}

function lineOf(context: RequestContext): object {
  const { origin, target, upstream, usage, cause } = context;
  const since = (ms: number | undefined): number | undefined =>
    ms === undefined || upstream === undefined ? undefined : rounded(ms - upstream.startedMs);
  return {
    requestId: origin.id,
    route: origin.route,
    tenant: context.tenant?.name,
    model: target?.model,
    provider: target?.provider,
    stream: context.stream,
    status: context.status,
    outcome: context.outcome,
    errorCode: context.errorCode,
    errorSource: context.errorSource,
    durationMs: rounded(context.durationMs),
    overheadMs: rounded(context.overheadMs),
    inputTokens: usage?.inputTokens,
    cachedInputTokens: usage?.cachedInputTokens,
    outputTokens: usage?.outputTokens,
    tokensEstimated: usage?.estimated,
    upstreamResult: upstream?.result,
    upstreamMs: since(upstream?.endedMs),
    firstBytesMs: since(upstream?.firstBytesMs),
    ...(cause !== undefined && { cause: causeOf(context) }),
  };
}

/** The gateway's own faults need a stack; of a provider's the message says all. */
function causeOf({ cause, errorSource }: RequestContext): string {
  if (!(cause instanceof Error)) return String(cause);
  return errorSource === 'gateway' && cause.stack !== undefined
    ? cause.stack
    : `${cause.name}: ${cause.message}`;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

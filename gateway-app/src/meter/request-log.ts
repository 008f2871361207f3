import { quoted, roundedMs } from '../core/json-text';
import type { RequestContext } from '../core/request-context';
import type { CompletionStage } from '../core/stage';
import { writeMembers, type Logger } from '../telemetry/logger';

/** Writes one line per request. Neither prompts nor keys are within its reach. */
export function requestLog(logger: Logger): CompletionStage {
  return (context) => {
    const level = context.errorSource === 'gateway' ? 'error' : 'info';
    writeMembers(logger, level, 'request', () => membersOf(context));
  };
}

function membersOf(context: RequestContext): string {
  const { origin, tenant, target, attempts, upstream, usage, status, errorCode, cause } = context;
  let text = `"requestId":${quoted(origin.id)},"route":"${origin.route}"`;
  if (tenant !== undefined) text += `,"tenant":${quoted(tenant.name)},"identity":"${tenant.identity}"`;
  if (context.trace !== undefined) text += `,"traceId":"${context.trace.traceId}"`;
  if (target !== undefined) text += `,"model":${quoted(target.model)}`;
  if (context.cached !== undefined) text += `,"cache":"${context.cached}"`;
  if (target !== undefined && context.cached !== 'hit') text += `,"provider":${quoted(target.provider)}`;
  text += `,"stream":${context.stream}`;
  if (status !== undefined) text += `,"status":${status}`;
  text += `,"outcome":"${context.outcome}"`;
  if (errorCode !== undefined) text += `,"errorCode":"${errorCode}"`;
  text += `,"errorSource":"${context.errorSource}"`;
  text += `,"durationMs":${roundedMs(context.durationMs)},"overheadMs":${roundedMs(context.overheadMs)}`;
  if (usage !== undefined) {
    text += `,"inputTokens":${usage.inputTokens},"cachedInputTokens":${usage.cachedInputTokens}`;
    text += `,"outputTokens":${usage.outputTokens},"tokensEstimated":${usage.estimated}`;
  }
  if (attempts.length > 0) text += `,"attempts":${attempts.length}`;
  if (attempts.length > 1) text += `,"otherAttempts":${JSON.stringify(othersOf(context))}`;
  if (upstream !== undefined) {
    const { startedMs, firstBytesMs, endedMs, result } = upstream;
    if (result !== undefined) text += `,"upstreamResult":${JSON.stringify(result)}`;
    if (endedMs !== undefined) text += `,"upstreamMs":${roundedMs(endedMs - startedMs)}`;
    if (firstBytesMs !== undefined) text += `,"firstBytesMs":${roundedMs(firstBytesMs - startedMs)}`;
  }
  if (cause !== undefined) text += `,"cause":${JSON.stringify(causeOf(context))}`;
  return text;
}

/** Those that did not answer: failed ones, and the slower of a hedge. */
function othersOf({ attempts, upstream }: RequestContext): object[] {
  return attempts
    .filter((attempt) => attempt !== upstream)
    .map(({ target: { provider, providerModel }, result }) => ({ provider, providerModel, result }));
}

/** The gateway's own faults need a stack; of a provider's the message says all. */
function causeOf({ cause, errorSource }: RequestContext): string {
  if (!(cause instanceof Error)) return String(cause);
  return errorSource === 'gateway' && cause.stack !== undefined
    ? cause.stack
    : `${cause.name}: ${cause.message}`;
}

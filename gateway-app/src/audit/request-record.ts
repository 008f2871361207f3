import { quoted, roundedMs } from '../core/json-text';
import { nanoUsdToUsd } from '../core/price';
import type { RequestContext } from '../core/request-context';
import { costNanoUsdOf } from '../core/upstream-record';

const ipv4Mapped = '::ffff:';
const unknownModel = 'other';

/**
 * What the audit says of a request, as members of a JSON object: who asked, for what, and how it ended. Neither prompts
 * nor answers nor keys are within its reach, and what a client wrote freely becomes `other`.
 *
 * @param models Names of the configured models.
 */
export function requestRecord(context: RequestContext, models: ReadonlySet<string>): string {
  const { origin, tenant, target, attempts, usage, status } = context;
  let text = `"requestId":${quoted(origin.id)},"sourceIp":${quoted(sourceIp(origin.sourceIp))}`;
  if (tenant !== undefined) text += `,"tenant":${quoted(tenant.name)},"identity":"${tenant.identity}"`;
  if (tenant?.keyId !== undefined) text += `,"keyId":"${tenant.keyId}"`;
  if (tenant?.subject !== undefined) text += `,"subject":${quoted(tenant.subject)}`;
  text += `,"route":"${origin.route}"`;
  const model = modelAsked(context, models);
  if (model !== undefined) text += `,"model":${quoted(model)}`;
  if (context.cached !== undefined) text += `,"cache":"${context.cached}"`;
  if (target !== undefined && context.cached !== 'hit') text += `,"provider":${quoted(target.provider)}`;
  if (attempts.length > 0) text += `,"attempts":${attempts.length}`;
  text += `,"stream":${context.stream},"decision":"${decision(context)}","outcome":"${context.outcome}"`;
  if (status !== undefined) text += `,"status":${status}`;
  if (context.errorCode !== undefined) text += `,"errorCode":"${context.errorCode}"`;
  text += `,"errorSource":"${context.errorSource}"`;
  if (usage !== undefined) {
    text += `,"inputTokens":${usage.inputTokens},"cachedInputTokens":${usage.cachedInputTokens}`;
    text += `,"outputTokens":${usage.outputTokens},"tokensEstimated":${usage.estimated}`;
    const nanoUsd = costNanoUsdOf(attempts);
    if (nanoUsd !== undefined) text += `,"costUsd":${nanoUsdToUsd(nanoUsd)}`;
  }
  return `${text},"durationMs":${roundedMs(context.durationMs)}`;
}

function decision({ upstream, errorCode }: RequestContext): 'admitted' | 'refused' {
  return upstream !== undefined || errorCode === undefined ? 'admitted' : 'refused';
}

function modelAsked({ target, body }: RequestContext, models: ReadonlySet<string>): string | undefined {
  if (target !== undefined) return target.model;
  const asked = body?.['model'];
  if (typeof asked !== 'string') return undefined;
  return models.has(asked) ? asked : unknownModel;
}

function sourceIp(address: string): string {
  return address.startsWith(ipv4Mapped) ? address.slice(ipv4Mapped.length) : address;
}

import type { RequestContext } from '../core/request-context';

const ipv4Mapped = '::ffff:';
const unknownModel = 'other';

/**
 * What the audit says of a request, as members of a JSON object: who asked, for what, and how it ended. Neither prompts
 * nor answers nor keys are within its reach, and what a client wrote freely becomes `other`.
 *
 * @param models Names of the configured models.
 */
export function requestRecord(context: RequestContext, models: ReadonlySet<string>): string {
  const { origin, tenant, target, upstream, status, errorCode } = context;
  const reachedProvider = upstream !== undefined;
  return JSON.stringify({
    requestId: origin.id,
    sourceIp: origin.sourceIp.startsWith(ipv4Mapped)
      ? origin.sourceIp.slice(ipv4Mapped.length)
      : origin.sourceIp,
    tenant: tenant?.name,
    keyId: tenant?.keyId,
    route: origin.route,
    model: modelAsked(context, models),
    provider: target?.provider,
    stream: context.stream,
    decision: reachedProvider || errorCode === undefined ? 'admitted' : 'refused',
    outcome: context.outcome,
    status,
    errorCode,
    errorSource: context.errorSource,
    durationMs: Math.round((context.clock() - context.startedMs) * 1000) / 1000,
  }).slice(1, -1);
}

function modelAsked({ target, body }: RequestContext, models: ReadonlySet<string>): string | undefined {
  if (target !== undefined) return target.model;
  const asked = body?.['model'];
  if (typeof asked !== 'string') return undefined;
  return models.has(asked) ? asked : unknownModel;
}

import { createHash } from 'node:crypto';
import type { RequestContext } from '../core/request-context';
import type { JsonObject } from '../core/upstream';

/** Deeper bodies are no prompts, and sorting them would exhaust the stack. */
const maxDepth = 100;

/** Headers that change what a provider answers. */
const telling = ['anthropic-version', 'anthropic-beta'] as const;

/**
 * What makes two requests the same: tenant, operation and body, whatever the order of its members.
 *
 * @throws RangeError for a body that is nested too deeply.
 */
export function requestKey({ tenant, origin, request }: RequestContext, body: JsonObject): string {
  // JSON texts in a list cannot run into each other, as a tenant's name and a body could by mere joining.
  const parts = [
    JSON.stringify(tenant?.name ?? null),
    JSON.stringify(origin.route),
    ...telling.map((name) => JSON.stringify(request.headers[name] ?? null)),
    canonical(body, 0),
  ];
  return createHash('sha256')
    .update(`[${parts.join(',')}]`)
    .digest('base64');
}

/** JSON with the members of each object in order. */
export function canonical(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= maxDepth) throw new RangeError(`nested deeper than ${maxDepth}`);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item, depth + 1)}`).join(',')}}`;
}

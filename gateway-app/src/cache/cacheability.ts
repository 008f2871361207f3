import type { IncomingHttpHeaders } from 'node:http';
import { headers, optIn } from '../../contract/headers';
import type { RouteId } from '../../contract/paths';
import type { JsonObject } from '../core/upstream';

/** What may be done for a request beside asking a provider. */
export interface Cacheability {
  /** An answer that is at most this old may be given. 0: only a new one. */
  readonly maxAgeMs: number;
}

/**
 * Whether an earlier answer may be given, and how old it may be.
 *
 * @returns undefined where each request must reach a provider, and its answer nobody else.
 */
export function cacheabilityOf(
  route: RouteId,
  body: JsonObject,
  sent: IncomingHttpHeaders,
): Cacheability | undefined {
  const directives = directivesOf(sent['cache-control']);
  if (directives.has('no-store') || hasEffects(route, body)) return undefined;
  if (!isDeterministic(route, body) && sent[headers.cache] !== optIn) return undefined;
  if (directives.has('no-cache')) return { maxAgeMs: 0 };
  const seconds = Number(directives.get('max-age') ?? Infinity);
  return { maxAgeMs: Number.isNaN(seconds) ? 0 : Math.max(0, seconds) * 1000 };
}

/** Asked twice, the model is meant to say the same. */
function isDeterministic(route: RouteId, { temperature }: JsonObject): boolean {
  return route === 'embeddings' || temperature === 0;
}

/** It leaves something at the provider, or reads what is there: the next one is another request though its body is the same. */
function hasEffects(route: RouteId, body: JsonObject): boolean {
  if (route === 'models' || route === 'other') return true;
  if (route !== 'responses') return body['store'] === true;
  // A response is stored unless the request says otherwise.
  return (
    body['store'] !== false ||
    body['background'] === true ||
    isGiven(body['previous_response_id']) ||
    isGiven(body['conversation']) ||
    usesHostedTools(body['tools'])
  );
}

/** Tools that the provider runs by itself look at a world that changes. */
function usesHostedTools(tools: unknown): boolean {
  return (
    Array.isArray(tools) &&
    tools.some((tool: unknown) => (tool as { type?: unknown } | null)?.type !== 'function')
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** `name` or `name=value`, separated by commas. Unknown ones are of no account. */
function directivesOf(header: string | undefined): Map<string, string> {
  const pairs = (header ?? '').toLowerCase().split(',');
  return new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
}

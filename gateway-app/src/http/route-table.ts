import type { Dialect } from '../../contract/error-codes';
import { anthropicPathPrefix, apiRoutes, httpPaths, type RouteId } from '../../contract/paths';
import { GatewayError } from '../core/gateway-error';

export interface RouteMatch {
  readonly route: RouteId;
  readonly dialect: Dialect;
  /** Why the request is refused before any stage. */
  readonly refusal?: GatewayError;
}

const byPath = new Map(apiRoutes.map((route) => [route.path, route]));
const healthPaths = new Set<string>([httpPaths.live, httpPaths.ready]);

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

export function isHealthCheck(method: string, path: string): boolean {
  return healthPaths.has(path) && answersTo('GET', method);
}

/** Finds the route of a request. Any path has one, for the error too must be counted and answered in a dialect. */
export function matchRoute(method: string, path: string): RouteMatch {
  const found = byPath.get(path);
  if (found === undefined) {
    const dialect = dialectOf(path);
    return healthPaths.has(path)
      ? { route: 'other', dialect, refusal: notAllowed('GET') }
      : { route: 'other', dialect, refusal: new GatewayError('unknown_path') };
  }
  const { id, dialect } = found;
  return answersTo(found.method, method)
    ? { route: id, dialect }
    : { route: id, dialect, refusal: notAllowed(found.method) };
}

export function dialectOf(path: string): Dialect {
  return path === anthropicPathPrefix || path.startsWith(`${anthropicPathPrefix}/`) ? 'anthropic' : 'openai';
}

function answersTo(offered: 'GET' | 'POST', method: string): boolean {
  return method === offered || (offered === 'GET' && method === 'HEAD');
}

function notAllowed(offered: 'GET' | 'POST'): GatewayError {
  return new GatewayError('method_not_allowed', { allow: offered === 'GET' ? 'GET, HEAD' : offered });
}

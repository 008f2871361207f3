import { createServer, type Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { headers } from '../../contract/headers';
import { adminPrefix } from '../../contract/admin';
import { httpPaths } from '../../contract/paths';
import type { Timings } from '../core/timings';
import { GatewayError } from '../core/gateway-error';
import { requestId } from '../core/request-id';
import { expositionType, type Registry } from '../telemetry/registry';
import type { AdminApi } from './admin-api';
import { refuse, refusedFor } from './admin-refusal';
import { NodeExchange } from './respond';
import { pathOf } from './route-table';

export interface AdminListenerParts {
  readonly registry: Registry;
  /** That of the configuration in use; undefined where it has none, and `/admin` does not exist. */
  readonly api: () => AdminApi | undefined;
  readonly timings: Timings['client'];
}

/** The listener for operators. What is asked here is no request of a client, and is not counted as one. */
export function adminListener({ registry, api, timings }: AdminListenerParts): Server {
  const { headersMs: headersTimeout, requestMs: requestTimeout } = timings;
  return createServer({ headersTimeout, requestTimeout }, (request, response) => {
    const { method = '', url = '' } = request;
    const id = requestId(request.headers[headers.requestId]);
    const exchange = new NodeExchange(request, response, id, () => false, false);
    const path = pathOf(url);
    const admin = path.startsWith(adminPrefix) ? api() : undefined;
    if (admin !== undefined) void admin.serve(exchange, id);
    else if (path !== httpPaths.metrics) refuse(exchange, refusedFor(new GatewayError('unknown_path')));
    else if (method !== 'GET' && method !== 'HEAD') {
      refuse(exchange, refusedFor(new GatewayError('method_not_allowed', { allow: 'GET, HEAD' })));
    } else void sendMetrics(exchange, registry);
  });
}

/**
 * A scrape of many thousand series takes as long as a hundred requests: in one piece it would make all of them wait. So it
 * leaves in parts, each in a turn of the event loop of its own, and no faster than the reader takes them.
 */
async function sendMetrics(exchange: NodeExchange, registry: Registry): Promise<void> {
  exchange.begin(200, { 'content-type': expositionType });
  for (const part of registry.render()) {
    if (!exchange.write(part) && !(await exchange.drained())) return;
    await nextTurn();
  }
  exchange.end();
}

import { createServer, type Server } from 'node:http';
import { headers } from '../../contract/headers';
import { httpPaths } from '../../contract/paths';
import { errorCodes } from '../../contract/error-codes';
import { errorBody } from '../core/error-body';
import { GatewayError } from '../core/gateway-error';
import { requestId } from '../core/request-id';
import { expositionType, type Registry } from '../telemetry/registry';
import { NodeExchange } from './respond';
import { pathOf } from './route-table';

/** The listener for operators. What is asked here is no request of a client, and is not counted as one. */
export function adminListener(registry: Registry): Server {
  return createServer((request, response) => {
    const { method = '', url = '' } = request;
    const id = requestId(request.headers[headers.requestId]);
    const exchange = new NodeExchange(request, response, id, () => false, false);
    if (pathOf(url) !== httpPaths.metrics) refuse(exchange, new GatewayError('unknown_path'));
    else if (method !== 'GET' && method !== 'HEAD') {
      refuse(exchange, new GatewayError('method_not_allowed', { allow: 'GET, HEAD' }));
    } else exchange.answer(200, { 'content-type': expositionType }, registry.render());
  });
}

function refuse(exchange: NodeExchange, error: GatewayError): void {
  const { status, domain } = errorCodes[error.code];
  exchange.answer(
    status,
    {
      'content-type': 'application/json',
      [headers.error]: `${error.code}; source=${domain}`,
      ...(error.allow !== undefined && { allow: error.allow }),
    },
    errorBody('openai', error),
  );
}

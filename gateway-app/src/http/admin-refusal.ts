import { errorCodes, type FaultDomain } from '../../contract/error-codes';
import { headers } from '../../contract/headers';
import type { GatewayError } from '../core/gateway-error';
import type { NodeExchange } from './respond';

/** Why an operator's request is not answered as asked. */
export interface Refused {
  readonly code: string;
  readonly status: number;
  readonly domain: FaultDomain;
  readonly message: string;
  /** Methods that the path answers to (405). */
  readonly allow?: string | undefined;
}

export function refusedFor({ code, message, allow }: GatewayError): Refused {
  const { status, domain } = errorCodes[code];
  return { code, status, domain, message, allow };
}

export function refuse(exchange: NodeExchange, { code, status, domain, message, allow }: Refused): void {
  exchange.answer(
    status,
    {
      'content-type': 'application/json',
      [headers.error]: `${code}; source=${domain}`,
      ...(allow !== undefined && { allow }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    JSON.stringify({ error: { code, message } }),
  );
}

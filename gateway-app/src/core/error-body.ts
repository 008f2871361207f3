import { errorCodes, type Dialect } from '../../contract/error-codes';
import type { GatewayError } from './gateway-error';

interface Written {
  readonly type: string;
  readonly message: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** An error in the shape that the SDKs of the dialect parse. */
export function errorBody(dialect: Dialect, error: GatewayError): string {
  return written(dialect, {
    type: errorCodes[error.code].type[dialect],
    message: error.message,
    param: error.param ?? null,
    code: error.code,
  });
}

/** Stands in for a provider's error answer that is no JSON: an SDK could not parse it, and it may show hosts. */
export function unreadableErrorBody(dialect: Dialect, status: number): string {
  return written(dialect, {
    type: status < 500 ? 'invalid_request_error' : dialect === 'openai' ? 'server_error' : 'api_error',
    message: `The provider answered status ${status} without a readable body.`,
    param: null,
    code: null,
  });
}

/** The same body as the last event of a stream whose status was sent long ago. */
export function errorEvent(dialect: Dialect, error: GatewayError): string {
  const name = dialect === 'anthropic' ? 'event: error\n' : '';
  return `${name}data: ${errorBody(dialect, error)}\n\n`;
}

function written(dialect: Dialect, { type, message, param, code }: Written): string {
  return dialect === 'openai'
    ? JSON.stringify({ error: { message, type, param, code } })
    : JSON.stringify({ type: 'error', error: { type, message } });
}

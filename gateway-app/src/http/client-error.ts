import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../../contract/error-codes';
import { GatewayError } from '../core/gateway-error';
import { pathOf } from './route-table';

/** What node:http hands to `clientError`. */
export interface ParserError extends Error {
  readonly code?: string;
  /** The bytes at which the parser stopped. */
  readonly rawPacket?: Buffer;
}

/** The error that the client is told, or undefined where its connection just broke. */
export function clientFault(error: ParserError): GatewayError | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : new GatewayError(code);
}

function codeOf({ code = '' }: ParserError): ErrorCode | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  return code.startsWith('HPE_') ? 'malformed_http' : undefined;
}

/** The path in the request line, as far as one can be read: it decides the dialect of the answer. */
export function pathInBytes({ rawPacket }: ParserError): string {
  const [line = ''] = rawPacket?.subarray(0, 1024).toString('latin1').split('\r\n', 1) ?? [];
  return pathOf(line.split(' ')[1] ?? '');
}

/** A connection on which nothing was sent holds no request: a load balancer's check, or a browser's spare connection. */
export function isUnused(socket: Duplex): boolean {
  return 'bytesRead' in socket && socket.bytesRead === 0;
}

import type { IncomingMessage } from 'node:http';
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

/**
 * The fault of a request that does not name one host (RFC 9112, section 3.2). node:http reads the first of several Hosts,
 * and a proxy in front may have read the last.
 */
export function hostFault({ httpVersion, rawHeaders }: IncomingMessage): GatewayError | undefined {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  if (count > 1) return new GatewayError('malformed_http', { detail: 'There is more than one Host header.' });
  return count === 0 && httpVersion === '1.1'
    ? new GatewayError('malformed_http', { detail: 'The Host header is missing.' })
    : undefined;
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

import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../core/gateway-error';

/**
 * Headers that decide for whom, by whom and in which form something is asked: node:http reads the first of several, and a
 * proxy in front may have judged the last.
 */
const single = ['host', 'content-type', 'authorization', 'transfer-encoding'] as const;
type Single = (typeof single)[number];
/** All have different lengths: only one header in ten needs to be compared. */
const byLength = new Map<number, Single>(single.map((name) => [name.length, name]));

/** RFC 9112, section 3.2: a host and perhaps a port. Empty where the target has no authority. */
const hostForm = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-fA-F:.]+\])(?::\d*)?$/;

/**
 * The fault of a request that node:http takes and another reader would take for another request, or undefined. Where it is
 * about the body's length, the connection ends with the answer, as with every body that is not read.
 */
export function formFault({ httpVersion, rawHeaders, headers }: IncomingMessage): GatewayError | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return malformed('Its version is not HTTP/1.1 or 1.0.');
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const known = byLength.get(name.length);
    if (known === undefined || name.toLowerCase() !== known) continue;
    const bit = 1 << single.indexOf(known);
    if ((seen & bit) !== 0) return malformed(`There is more than one ${known} header.`);
    seen |= bit;
  }
  const { host, 'transfer-encoding': coding } = headers;
  if (host === undefined) {
    if (httpVersion === '1.1') return malformed('The Host header is missing.');
  } else if (!hostForm.test(host)) return malformed('The Host header is not a host.');
  return coding === undefined ? undefined : codingFault(httpVersion, coding, headers['content-length']);
}

function codingFault(version: string, coding: string, length: string | undefined): GatewayError | undefined {
  // RFC 9112, section 6.1: there is none before 1.1, so a proxy of 1.0 passes it on unread.
  if (version === '1.0') return malformed('HTTP/1.0 has no transfer encoding.');
  if (length !== undefined) return malformed('It has both a length and a transfer encoding.');
  // node:http takes "gzip, chunked" as well, and would hand on the compressed bytes.
  return coding.toLowerCase() === 'chunked' ? undefined : malformed('Only "chunked" is taken here.');
}

function malformed(detail: string): GatewayError {
  return new GatewayError('malformed_http', { detail });
}

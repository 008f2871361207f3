import type { IncomingMessage } from 'node:http';
import { ClientGone } from '../core/client-gone';
import { GatewayError } from '../core/gateway-error';

/** A request that announces a body, however short. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Judges a body by its headers, before a byte of it is read.
 *
 * @throws GatewayError where it announces itself as too large, or as anything but plain JSON.
 */
export function checkAnnounced(request: IncomingMessage, maxBytes: number): void {
  checkType(request);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

/**
 * Reads a body of at most `maxBytes`. A larger one is refused at the first byte too many.
 *
 * @throws GatewayError where it is too large; ClientGone where the client leaves in the middle.
 */
export function collectBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.off('data', onData).pause();
        reject(tooLarge(maxBytes));
      } else chunks.push(chunk);
    };
    request.on('data', onData);
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes));
    });
    // Without a listener the error of a broken connection would end the process.
    request.on('error', () => undefined);
    request.on('close', () => {
      // Comes after the end of every body too: an error made there would cost each request its stack trace.
      if (!request.readableEnded) reject(new ClientGone());
    });
    if (request.destroyed) reject(new ClientGone());
  });
}

/** A compressed body is refused before it is unpacked: a few kilobytes can unpack to gigabytes. */
function checkType({ headers }: IncomingMessage): void {
  const { 'content-encoding': encoding = 'identity', 'content-type': contentType = '' } = headers;
  // What every SDK sends.
  if (encoding === 'identity' && contentType === 'application/json') return;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const utf8 = parameters.every((part) => !part.startsWith('charset=') || /^charset="?utf-8"?$/.test(part));
  if (encoding !== 'identity' || type !== 'application/json' || !utf8) {
    throw new GatewayError('unsupported_media_type');
  }
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('body_too_large', { detail: `The limit is ${maxBytes} bytes.` });
}

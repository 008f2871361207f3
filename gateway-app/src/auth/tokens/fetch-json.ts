import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';

/** A key has half a kilobyte; an issuer has a handful of them. */
const maxBytes = 256 * 1024;

export interface FetchOptions {
  /** From the first packet to the last byte. */
  readonly deadlineMs: number;
  /** Authorities in PEM that are trusted in place of the system's. */
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Gets a JSON document. Follows no redirect: where the keys come from is the configuration's to say.
 *
 * @throws Error where it does not come whole, in time, within 256 KiB and with status 200.
 */
export function fetchJson(url: string, { deadlineMs, ca, signal }: FetchOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = {
      agent: false as const,
      headers: { accept: 'application/json', connection: 'close' },
      // Said outright, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2' as const,
      ...(ca !== undefined && { ca }),
      signal,
    };
    const send = new URL(url).protocol === 'https:' ? requestTls : requestPlain;
    const request = send(url, options, (response) => {
      const fail = (why: string): void => {
        request.destroy();
        reject(new Error(why));
      };
      if (response.statusCode !== 200) {
        fail(`It answered status ${response.statusCode ?? 0} in place of 200.`);
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) fail(`Its answer exceeds ${maxBytes} bytes.`);
      });
      response.once('error', reject);
      response.once('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
        } catch {
          reject(new Error('Its answer is not JSON.'));
        }
      });
    });
    const deadline = setTimeout(() => {
      request.destroy(new Error(`No whole answer within ${deadlineMs} ms.`));
    }, deadlineMs);
    request.once('error', reject);
    request.once('close', () => {
      clearTimeout(deadline);
    });
    request.end();
  });
}

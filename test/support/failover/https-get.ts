import { request } from 'node:https';

export interface HttpsRequest {
  /** Of the loopback address: who listens there stands for the address that a name resolves to. */
  readonly port: number;
  /** By TLS and in the Host header. */
  readonly host: string;
  readonly path: string;
  readonly certificate: string;
  readonly timeoutMs: number;
  /** Posted as JSON. Absent: a GET. */
  readonly body?: string;
}

/** The status of one request on a connection of its own; 0 where none came in time. */
export async function httpsStatus(wanted: HttpsRequest): Promise<number> {
  const { port, host, path, certificate, timeoutMs, body } = wanted;
  return await new Promise((resolve) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      servername: host,
      headers: { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ca: certificate,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    outgoing.on('error', () => {
      resolve(0);
    });
    outgoing.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
      response.on('error', () => {
        resolve(0);
      });
    });
    outgoing.end(body);
  });
}

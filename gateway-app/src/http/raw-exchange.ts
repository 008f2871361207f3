import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { headers } from '../../contract/headers';
import type { AnswerHeaders, ClientRequest, ClientResponse } from '../core/client-exchange';

/** Answers bytes that were no request, so that node:http has made no response for them, and closes the connection. */
export class RawExchange implements ClientRequest, ClientResponse {
  readonly headers = {};
  readonly clientCertificate = undefined;
  readonly hasBegun = false;

  constructor(
    private readonly socket: Duplex,
    private readonly requestId: string,
  ) {
    // node:http listens no more to a socket that it gives away (CONNECT): a reset would end the process.
    socket.on('error', () => undefined);
  }

  readBody(): Promise<Buffer> {
    return Promise.reject(new Error('there is no request to read'));
  }

  answer(status: number, answerHeaders: AnswerHeaders, body: string | Buffer): void {
    const all: AnswerHeaders = {
      ...answerHeaders,
      [headers.requestId]: this.requestId,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body.toString()}`,
      () => {
        this.socket.destroy();
      },
    );
  }

  begin(): void {
    throw new Error('no stream begins without a request');
  }

  write(): boolean {
    return false;
  }

  onDrain(): void {
    // Nothing is ever written in parts.
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }
}

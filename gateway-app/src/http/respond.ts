import type { IncomingMessage, ServerResponse } from 'node:http';
import { headers } from '../../contract/headers';
import type {
  AnswerHeaders,
  ClientCertificate,
  ClientRequest,
  ClientResponse,
} from '../core/client-exchange';
import { clientCertificate } from './client-certificate';
import { lingerThenClose } from './linger';
import { checkAnnounced, collectBody, hasBody } from './read-body';
import { dialectOf, pathOf } from './route-table';

/**
 * Up to this size bytes are handed on as a latin1 text: node:http then joins them with the head, and libuv writes both from
 * its stack. As two buffers they would need a vectored write, which costs twice as much. Larger ones are not worth the copy.
 */
const maxTextBytes = 12 * 1024;
const lastChunk = '0\r\n\r\n';

/** One request and its response on node:http. */
export class NodeExchange implements ClientRequest, ClientResponse {
  /** The stream's chunks are framed here: node:http writes size, bytes and line ends each by itself. */
  #framesChunks = false;

  /**
   * @param mustLeave Asked at each answer: whether it asks the client to open its next connection anew, as every answer
   *   does while draining.
   * @param expectsContinue The client waits for a `100 Continue` before it sends the body.
   */
  constructor(
    readonly incoming: IncomingMessage,
    private readonly outgoing: ServerResponse,
    private readonly requestId: string,
    private readonly mustLeave: () => boolean,
    private readonly expectsContinue: boolean,
  ) {}

  get headers(): IncomingMessage['headers'] {
    return this.incoming.headers;
  }

  get clientCertificate(): ClientCertificate | undefined {
    return clientCertificate(this.incoming.socket);
  }

  get hasBegun(): boolean {
    return this.outgoing.headersSent;
  }

  readBody(maxBytes: number): Promise<Buffer> {
    checkAnnounced(this.incoming, maxBytes);
    if (this.expectsContinue) this.outgoing.writeContinue();
    return collectBody(this.incoming, maxBytes);
  }

  answer(status: number, answerHeaders: AnswerHeaders, body: string | Buffer): void {
    const bytes = Buffer.byteLength(body);
    answerHeaders['content-length'] = String(bytes);
    this.#head(status, answerHeaders);
    if (bytes > maxTextBytes || (typeof body === 'string' && bytes !== body.length)) this.outgoing.end(body);
    else this.outgoing.end(typeof body === 'string' ? body : body.toString('latin1'), 'latin1');
  }

  begin(status: number, answerHeaders: AnswerHeaders): void {
    this.#head(status, answerHeaders);
    // Else the head would wait for the first event, and a client could not tell a thinking model from a dead gateway.
    this.outgoing.flushHeaders();
    this.#framesChunks = this.outgoing.chunkedEncoding;
    this.outgoing.chunkedEncoding = false;
  }

  write(chunk: Buffer | string): boolean {
    const { outgoing } = this;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (!this.#framesChunks) return outgoing.write(bytes);
    const size = `${bytes.length.toString(16)}\r\n`;
    if (bytes.length <= maxTextBytes)
      return outgoing.write(`${size}${bytes.toString('latin1')}\r\n`, 'latin1');
    outgoing.write(size, 'latin1');
    outgoing.write(bytes);
    return outgoing.write('\r\n', 'latin1');
  }

  onDrain(listener: () => void): void {
    this.outgoing.on('drain', listener);
  }

  /** Waits until the client takes bytes again. False: it has left. */
  drained(): Promise<boolean> {
    const { outgoing } = this;
    if (outgoing.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const onDrain = (): void => {
        outgoing.off('close', onClose);
        resolve(true);
      };
      const onClose = (): void => {
        outgoing.off('drain', onDrain);
        resolve(false);
      };
      outgoing.once('drain', onDrain);
      outgoing.once('close', onClose);
    });
  }

  end(): void {
    if (this.#framesChunks) this.outgoing.end(lastChunk, 'latin1');
    else this.outgoing.end();
  }

  destroy(): void {
    this.outgoing.destroy();
  }

  #head(status: number, answerHeaders: AnswerHeaders): void {
    answerHeaders[headers.requestId] = this.requestId;
    if (dialectOf(pathOf(this.incoming.url ?? '')) === 'anthropic') {
      answerHeaders[headers.anthropicRequestId] = this.requestId;
    }
    const unread = hasBody(this.incoming) && !this.incoming.complete;
    if (unread || this.mustLeave()) answerHeaders['connection'] = 'close';
    if (unread) lingerThenClose(this.incoming);
    this.outgoing.writeHead(status, answerHeaders);
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { headers } from '../../contract/headers';
import type { AnswerHeaders, ClientRequest, ClientResponse } from '../core/client-exchange';
import { lingerThenClose } from './linger';
import { checkAnnounced, collectBody, hasBody } from './read-body';

/** One request and its response on node:http. */
export class NodeExchange implements ClientRequest, ClientResponse {
  /**
   * @param isDraining Asked at each answer: while draining, every answer asks the client to open its next connection
   *   elsewhere.
   * @param expectsContinue The client waits for a `100 Continue` before it sends the body.
   */
  constructor(
    readonly incoming: IncomingMessage,
    private readonly outgoing: ServerResponse,
    private readonly requestId: string,
    private readonly isDraining: () => boolean,
    private readonly expectsContinue: boolean,
  ) {}

  get headers(): IncomingMessage['headers'] {
    return this.incoming.headers;
  }

  get hasBegun(): boolean {
    return this.outgoing.headersSent;
  }

  async readBody(maxBytes: number): Promise<Buffer> {
    checkAnnounced(this.incoming, maxBytes);
    if (this.expectsContinue) this.outgoing.writeContinue();
    return collectBody(this.incoming, maxBytes);
  }

  answer(status: number, answerHeaders: AnswerHeaders, body: string | Buffer): void {
    answerHeaders['content-length'] = String(Buffer.byteLength(body));
    this.#head(status, answerHeaders);
    this.outgoing.end(body);
  }

  begin(status: number, answerHeaders: AnswerHeaders): void {
    this.#head(status, answerHeaders);
    // Else the head would wait for the first event, and a client could not tell a thinking model from a dead gateway.
    this.outgoing.flushHeaders();
  }

  write(chunk: Buffer | string): boolean {
    return this.outgoing.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.outgoing.on('drain', listener);
  }

  end(): void {
    this.outgoing.end();
  }

  destroy(): void {
    this.outgoing.destroy();
  }

  #head(status: number, answerHeaders: AnswerHeaders): void {
    answerHeaders[headers.requestId] = this.requestId;
    const unread = hasBody(this.incoming) && !this.incoming.complete;
    if (unread || this.isDraining()) answerHeaders['connection'] = 'close';
    if (unread) lingerThenClose(this.incoming);
    this.outgoing.writeHead(status, answerHeaders);
  }
}

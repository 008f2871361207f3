import type { IncomingHttpHeaders } from 'node:http';

/** What the pipeline may ask of the client's request. */
export interface ClientRequest {
  readonly headers: IncomingHttpHeaders;
  /**
   * The whole body.
   *
   * @throws GatewayError where it is too large or of the wrong type; ClientGone where the client leaves in the middle.
   */
  readBody(maxBytes: number): Promise<Buffer>;
}

export type AnswerHeaders = Record<string, string>;

/** What the pipeline may do to the client's connection. */
export interface ClientResponse {
  /** A status was sent: from here an error can only be an event of the stream. */
  readonly hasBegun: boolean;
  /** A whole answer, in one write. */
  answer(status: number, headers: AnswerHeaders, body: string | Buffer): void;
  begin(status: number, headers: AnswerHeaders): void;
  /** False: the client reads slower than it is sent to; `onDrain` says when to go on. */
  write(chunk: Buffer | string): boolean;
  onDrain(listener: () => void): void;
  end(): void;
  /** Ends the connection without a further byte. */
  destroy(): void;
}

import type { IncomingHttpHeaders } from 'node:http';

/** What the pipeline may ask of the client's request. */
export interface ClientRequest {
  readonly headers: IncomingHttpHeaders;
  /** Undefined where none was shown, or where the client did not speak TLS. */
  readonly clientCertificate: ClientCertificate | undefined;
  /**
   * The whole body.
   *
   * @throws GatewayError where it is too large or of the wrong type; ClientGone where the client leaves in the middle.
   */
  readBody(maxBytes: number): Promise<Buffer>;
}

/** What a client has shown of itself in the TLS handshake. */
export interface ClientCertificate {
  /** An authority that the configuration names has signed it, and it is not past its end. */
  readonly isTrusted: boolean;
  /** SHA-256 of it, in lower-case hexadecimal. */
  readonly fingerprint: string;
  /** Of its subject; absent where there is none, or more than one. */
  readonly commonName?: string;
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
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

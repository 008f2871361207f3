import type { ReportedUsage } from './usage';

/** What a provider's answer says of its use, as far as it was read. */
export interface AnswerUsage {
  readonly usage: ReportedUsage;
  /** UTF-8 bytes of what the model wrote, for an estimate where the provider reports no count. */
  readonly outputBytes: number;
}

/** A streamed answer on its way to the client. */
export interface AnswerStream extends AnswerUsage {
  /** Whatever happens from here, the client has the whole answer. */
  readonly isDone: boolean;
  /** The provider has ended the stream with an error of its own, which the client has. */
  readonly hasFailed: boolean;
  /**
   * Takes the next bytes of the provider.
   *
   * @returns Whole events for the client; empty where none is whole yet.
   * @throws GatewayError where the bytes make no sense.
   */
  push(chunk: Buffer): Buffer | string;
}

export interface AnswerBody extends AnswerUsage {
  readonly body: Buffer | string;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: Buffer | string;
}

/** How a provider's answer becomes the client's. */
export interface AnswerTranslation {
  /** @throws GatewayError where the body makes no sense. */
  whole(body: Buffer): AnswerBody;
  stream(): AnswerStream;
  /** An error answer whose body is a JSON object. */
  error(status: number, body: Buffer): ErrorAnswer;
}

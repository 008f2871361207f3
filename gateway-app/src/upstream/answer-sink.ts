import type { AnswerUsage } from '../core/answer';

/** Takes the body of a provider's answer to the client. What it throws ends the exchange. */
export interface AnswerSink {
  /** Read so far. */
  readonly used: AnswerUsage | undefined;
  /** False: the client takes no more for now. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** The body broke off. */
  cut(cause: Error): void;
}

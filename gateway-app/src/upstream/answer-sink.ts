/** Takes the body of a provider's answer to the client. What it throws ends the exchange. */
export interface AnswerSink {
  /** False: the client takes no more for now. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** The body broke off. */
  cut(cause: Error): void;
}

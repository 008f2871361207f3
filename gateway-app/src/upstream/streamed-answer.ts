import type { AnswerStream } from '../core/answer';
import { GatewayError } from '../core/gateway-error';
import type { RequestContext } from '../core/request-context';
import type { AnswerSink } from './answer-sink';

/** Sends the events of a stream on as they come, and says so when they end too early. */
export class StreamedAnswer implements AnswerSink {
  constructor(
    private readonly context: RequestContext,
    private readonly stream: AnswerStream,
  ) {
    context.beginStream();
  }

  get used(): AnswerStream {
    return this.stream;
  }

  /** The client has the last event: of the answer, or an error of the provider. */
  get isOver(): boolean {
    return this.stream.hasFailed || this.stream.isDone;
  }

  /** The client has all of the answer, whatever happens from here. */
  get isWhole(): boolean {
    return this.stream.isDone && !this.stream.hasFailed;
  }

  data(chunk: Buffer): boolean {
    const events = this.stream.push(chunk);
    return events.length === 0 || this.context.response.write(events);
  }

  end(): void {
    this.#end(new Error('the provider ended the stream without its last event'));
  }

  cut(cause: Error): void {
    this.#end(cause);
  }

  #end(cause: Error): void {
    // An end mark behind a failure does not make the answer whole.
    if (this.stream.hasFailed) this.context.failedInStream();
    else if (this.isWhole) this.context.finishStream();
    else this.context.fail(new GatewayError('stream_cut', { cause }), 'cut');
  }
}

import { GatewayError } from '../core/gateway-error';
import type { RequestContext } from '../core/request-context';
import type { AnswerSink } from './answer-sink';
import { EventHoldback, EventTooLarge } from './event-holdback';

/** Far above any event of a model, and small enough to hold one for each of thousands of streams. */
const maxEventBytes = 1024 * 1024;

/** Passes server-sent events on as they come, and says so when they end too early. */
export class StreamedAnswer implements AnswerSink {
  readonly #holdback = new EventHoldback(maxEventBytes);

  constructor(private readonly context: RequestContext) {
    context.beginStream('text/event-stream; charset=utf-8');
  }

  /** Whatever happens from here, the client has the whole answer. */
  get isDone(): boolean {
    return this.#holdback.isDone;
  }

  data(chunk: Buffer): boolean {
    const events = this.#push(chunk);
    return events.length === 0 || this.context.response.write(events);
  }

  end(): void {
    if (this.isDone) this.context.finishStream();
    else this.cut(new Error('the provider ended the stream without [DONE]'));
  }

  cut(cause: Error): void {
    if (this.isDone) this.context.finishStream();
    else this.context.fail(new GatewayError('stream_cut', { cause }), 'cut');
  }

  #push(chunk: Buffer): Buffer {
    try {
      return this.#holdback.push(chunk);
    } catch (error) {
      if (!(error instanceof EventTooLarge)) throw error;
      throw new GatewayError('provider_invalid_response', {
        cause: `the provider sent an event of more than ${maxEventBytes} bytes`,
      });
    }
  }
}

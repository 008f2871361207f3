import type { AnswerStream } from '../core/answer';
import { GatewayError } from '../core/gateway-error';
import { EventTooLarge } from '../core/sse/event-frames';
import { EventParser } from '../core/sse/event-parser';
import type { SseEvent } from '../core/sse/event';
import type { ReportedUsage } from '../core/usage';
import { maxEventBytes } from './event-bound';

/** Rewrites the events of one stream, one by one. */
export interface EventTranslator {
  readonly usage: ReportedUsage;
  readonly outputBytes: number;
  readonly isDone: boolean;
  readonly hasFailed: boolean;
  /** @returns Whole events for the client; empty where the event has no equal. @throws GatewayError */
  translate(event: SseEvent): string;
}

/** A stream whose events are rewritten into the client's dialect. */
export class TranslatedStream implements AnswerStream {
  readonly #parser = new EventParser(maxEventBytes);
  #written = '';
  readonly #onEvent = (event: SseEvent): void => {
    // After its end a stream says nothing that the client could still read.
    if (!this.isDone && !this.hasFailed) this.#written += this.translator.translate(event);
  };

  constructor(private readonly translator: EventTranslator) {}

  get usage(): ReportedUsage {
    return this.translator.usage;
  }

  get outputBytes(): number {
    return this.translator.outputBytes;
  }

  get isDone(): boolean {
    return this.translator.isDone;
  }

  get hasFailed(): boolean {
    return this.translator.hasFailed;
  }

  push(chunk: Buffer): string {
    this.#written = '';
    try {
      this.#parser.push(chunk, this.#onEvent);
    } catch (error) {
      throw error instanceof EventTooLarge
        ? new GatewayError('provider_invalid_response', { cause: error })
        : error;
    }
    return this.#written;
  }
}

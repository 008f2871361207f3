import type { AnswerStream } from '../core/answer';
import { GatewayError } from '../core/gateway-error';
import { EventFrames, EventTooLarge } from '../core/sse/event-frames';
import type { ReportedUsage } from '../core/usage';
import { maxEventBytes } from './event-bound';

/** Reads the events of a stream that is passed on. */
export interface FrameReader {
  readonly usage: ReportedUsage;
  readonly outputBytes: number;
  readonly isDone: boolean;
  readonly hasFailed: boolean;
  /** @returns false where the client must not see the event, for it did not ask for it. */
  read(frame: Buffer): boolean;
}

/** A stream whose events reach the client byte by byte as the provider wrote them. */
export class PassedStream implements AnswerStream {
  readonly #frames = new EventFrames(maxEventBytes);
  #parts: Buffer[] = [];
  #run: Buffer | undefined;
  #runStart = 0;
  #runEnd = 0;

  /** Events that stand side by side leave as one piece, without a copy. */
  readonly #onFrame = (buffer: Buffer, start: number, end: number): void => {
    // After its end a stream says nothing that the client could still read.
    if (this.isDone || this.hasFailed) return;
    if (!this.reader.read(buffer.subarray(start, end))) return;
    if (this.#run === buffer && this.#runEnd === start) {
      this.#runEnd = end;
      return;
    }
    this.#closeRun();
    this.#run = buffer;
    this.#runStart = start;
    this.#runEnd = end;
  };

  constructor(private readonly reader: FrameReader) {}

  get usage(): ReportedUsage {
    return this.reader.usage;
  }

  get outputBytes(): number {
    return this.reader.outputBytes;
  }

  get isDone(): boolean {
    return this.reader.isDone;
  }

  get hasFailed(): boolean {
    return this.reader.hasFailed;
  }

  push(chunk: Buffer): Buffer {
    try {
      this.#frames.push(chunk, this.#onFrame);
    } catch (error) {
      throw error instanceof EventTooLarge
        ? new GatewayError('provider_invalid_response', { cause: error })
        : error;
    }
    this.#closeRun();
    const parts = this.#parts;
    // The second half of the last line end may still be on its way, and nobody waits for it.
    if (parts.at(-1)?.at(-1) === carriageReturn && (this.isDone || this.hasFailed)) parts.push(lineFeed);
    const [first = nothing] = parts;
    if (parts.length < 2) {
      parts.length = 0;
      return first;
    }
    this.#parts = [];
    return Buffer.concat(parts);
  }

  #closeRun(): void {
    if (this.#run === undefined) return;
    this.#parts.push(this.#run.subarray(this.#runStart, this.#runEnd));
    this.#run = undefined;
  }
}

const nothing = Buffer.alloc(0);
const carriageReturn = 0x0d;
const lineFeed = Buffer.from('\n');

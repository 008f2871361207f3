import { EventFrames } from './event-frames';
import { readEvent, type SseEvent } from './event';

/** Reads a byte stream as server-sent events, by the WHATWG rules, wherever its chunks end. */
export class EventParser {
  readonly #frames: EventFrames;
  #isFirst = true;

  constructor(maxEventBytes: number) {
    this.#frames = new EventFrames(maxEventBytes);
  }

  /**
   * Takes the next chunk and hands over each event that it completes.
   *
   * @throws EventTooLarge
   */
  push(chunk: Buffer, onEvent: (event: SseEvent) => void): void {
    this.#frames.push(chunk, (buffer, start, end) => {
      const event = readEvent(buffer, start, end, this.#isFirst);
      this.#isFirst = false;
      if (event !== undefined) onEvent(event);
    });
  }
}

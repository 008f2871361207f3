const lf = 0x0a;
const cr = 0x0d;

/** Called with each whole event: the bytes from `start` to `end`, the blank line included. */
export type OnFrame = (buffer: Buffer, start: number, end: number) => void;

/** The provider sends an event that would take more memory than one stream may have. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';

  constructor(maxEventBytes: number) {
    super(`an event of the stream is larger than ${maxEventBytes} bytes`);
  }
}

/**
 * Cuts a byte stream into whole server-sent events, wherever its chunks end. The bytes are not changed, so the frames in
 * a row are the stream again; what follows the last blank line is held back.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventFrames {
  #held: Buffer | undefined;
  #heldBytes = 0;
  /** The current line has no byte yet: a line end here ends the event. */
  #lineIsEmpty = true;
  /** The last byte was a CR. A LF now belongs to it and is no line of its own. */
  #afterCr = false;

  /** @param maxEventBytes Most bytes that one event may have, and that are ever held back. */
  constructor(private readonly maxEventBytes: number) {}

  /**
   * Takes the next chunk. Frames share memory with it where they lie in it whole.
   *
   * @throws EventTooLarge
   */
  push(chunk: Buffer, onFrame: OnFrame): void {
    const rest =
      this.#afterCr || chunk.includes(cr) ? this.#scanAll(chunk, onFrame) : this.#scanLf(chunk, onFrame);
    if (rest < chunk.length) this.#hold(chunk, rest, chunk.length);
  }

  /** Without a CR the line ends can be found natively. */
  #scanLf(chunk: Buffer, onFrame: OnFrame): number {
    let frameStart = 0;
    let lineStart = 0;
    for (let end = chunk.indexOf(lf); end !== -1; end = chunk.indexOf(lf, lineStart)) {
      const blank = this.#lineIsEmpty && end === lineStart;
      this.#lineIsEmpty = true;
      lineStart = end + 1;
      if (blank) {
        this.#emit(chunk, frameStart, lineStart, onFrame);
        frameStart = lineStart;
      }
    }
    if (lineStart < chunk.length) this.#lineIsEmpty = false;
    return frameStart;
  }

  #scanAll(chunk: Buffer, onFrame: OnFrame): number {
    let frameStart = 0;
    for (let position = 0; position < chunk.length; position += 1) {
      const byte = chunk[position];
      if (byte === lf && this.#afterCr) {
        this.#afterCr = false;
        // The CR has ended an event at the end of the last chunk. Held back, this byte could end up in front of an error.
        if (position === 0 && this.#heldBytes === 0) {
          this.#emit(chunk, 0, 1, onFrame);
          frameStart = 1;
        }
        continue;
      }
      this.#afterCr = byte === cr;
      if (byte !== lf && byte !== cr) {
        this.#lineIsEmpty = false;
      } else if (this.#lineIsEmpty) {
        if (byte === cr && chunk[position + 1] === lf) {
          this.#afterCr = false;
          position += 1;
        }
        this.#emit(chunk, frameStart, position + 1, onFrame);
        frameStart = position + 1;
      } else {
        this.#lineIsEmpty = true;
      }
    }
    return frameStart;
  }

  #emit(chunk: Buffer, start: number, end: number, onFrame: OnFrame): void {
    if (this.#heldBytes === 0) {
      if (end - start > this.maxEventBytes) throw new EventTooLarge(this.maxEventBytes);
      onFrame(chunk, start, end);
      return;
    }
    const whole = this.#hold(chunk, start, end);
    const length = this.#heldBytes;
    // Whoever gets the frame may keep it until a slow client has taken it: the memory is not used again.
    this.#held = undefined;
    this.#heldBytes = 0;
    onFrame(whole, 0, length);
  }

  /** Doubles as it grows: an event that comes byte by byte would be copied as often as it has bytes. */
  #hold(chunk: Buffer, start: number, end: number): Buffer {
    const bytes = this.#heldBytes + end - start;
    if (bytes > this.maxEventBytes) throw new EventTooLarge(this.maxEventBytes);
    let held = this.#held;
    if (held === undefined || held.length < bytes) {
      const grown = Buffer.allocUnsafe(held === undefined ? bytes : Math.max(bytes, held.length * 2));
      held?.copy(grown, 0, 0, this.#heldBytes);
      held = grown;
      this.#held = held;
    }
    chunk.copy(held, this.#heldBytes, start, end);
    this.#heldBytes = bytes;
    return held;
  }
}

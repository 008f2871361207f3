const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const doneMark = Buffer.from('[DONE]');
const doneLine = /(?:^|[\r\n])data: ?\[DONE\][\r\n]/;
const nothing = Buffer.alloc(0);

/** The provider sent an event larger than anything that a model writes. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

/**
 * Passes on whole server-sent events and holds the rest back until it is whole. Were half an event passed on, the error
 * event that follows a cut would be glued to it, and the client would read neither.
 */
export class EventHoldback {
  #held: Buffer[] = [];
  #heldBytes = 0;
  #lastBytes: Buffer = nothing;
  #done = false;

  constructor(private readonly maxHeldBytes: number) {}

  /** The stream's own end mark has passed: what comes after it can't make the answer incomplete. */
  get isDone(): boolean {
    return this.#done;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @returns The whole events among all bytes held, unchanged; empty where none is whole yet.
   * @throws EventTooLarge
   */
  push(chunk: Buffer): Buffer {
    const end = endOfLastEvent(this.#lastBytes, chunk);
    this.#lastBytes =
      chunk.length >= 3 ? chunk.subarray(-3) : Buffer.concat([this.#lastBytes, chunk]).subarray(-3);
    const whole = end === 0 ? nothing : this.#release(chunk.subarray(0, end));
    if (end < chunk.length) {
      this.#held.push(chunk.subarray(end));
      this.#heldBytes += chunk.length - end;
      if (this.#heldBytes > this.maxHeldBytes) throw new EventTooLarge();
    }
    return whole;
  }

  #release(rest: Buffer): Buffer {
    let whole = rest;
    if (this.#heldBytes > 0) {
      whole = Buffer.concat([...this.#held, rest], this.#heldBytes + rest.length);
      this.#held = [];
      this.#heldBytes = 0;
    }
    // The mark is a line of its own; inside JSON a line break is always escaped, so no model's text can fake it.
    if (!this.#done && whole.includes(doneMark)) this.#done = doneLine.test(whole.toString('latin1'));
    return whole;
  }
}

/**
 * Index in `chunk` just after its last blank line, or 0. Line ends may be LF, CRLF or CR, and may be split between the
 * bytes before and the chunk.
 */
function endOfLastEvent(before: Buffer, chunk: Buffer): number {
  const at = (index: number): number | undefined => (index >= 0 ? chunk[index] : before.at(index));
  for (let last = chunk.length - 1; last >= 0; last -= 1) {
    const byte = chunk[last];
    if (byte !== lineFeed && byte !== carriageReturn) continue;
    // CRLF is one line end, so the one before it begins a byte earlier.
    const first = byte === lineFeed && at(last - 1) === carriageReturn ? last - 1 : last;
    const previous = at(first - 1);
    if (previous === lineFeed || previous === carriageReturn) return last + 1;
  }
  return 0;
}

import { InvalidResponse } from './invalid-response';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** As much as Node's own parser takes by default. */
const maxSectionBytes = 16 * 1024;

/** Each name a token, each value free of control characters, no line a continuation of the one before. */
const wellFormedFields = /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*$/;

/** Calls `take` with each field, its name in lower case and its value without blanks around it. */
export function eachField(lines: string, take: (name: string, value: string) => void): void {
  if (!wellFormedFields.test(lines)) throw new InvalidResponse('a header line is malformed');
  for (let at = 0; at < lines.length;) {
    const colon = lines.indexOf(':', at);
    const lineEnd = lines.indexOf('\r\n', colon);
    let first = colon + 1;
    let last = lineEnd;
    // Not `trim`: it also takes the no-break space, which belongs to the value.
    while (first < last && isBlank(lines.charCodeAt(first))) first += 1;
    while (last > first && isBlank(lines.charCodeAt(last - 1))) last -= 1;
    take(lines.slice(at, colon).toLowerCase(), lines.slice(first, last));
    at = lineEnd + 2;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/**
 * Collects lines up to the first empty one: the head of a response, or the trailers of a chunked body. The bytes may arrive
 * in any pieces. A line feed or carriage return that stands alone is refused at once: what one reader takes for a line
 * end, another does not.
 */
export class FieldSection {
  /** The lines with their ends, without the empty one. Complete once `read` has found the end. */
  lines = '';
  #bytes = 0;
  #lineBytes = 0;
  #afterReturn = false;

  /**
   * @returns Index of the first byte after the empty line, or -1 where it has not come yet.
   * @throws InvalidResponse
   */
  read(buffer: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const byte = buffer[at];
      if (this.#afterReturn) {
        if (byte !== lineFeed) throw new InvalidResponse('a carriage return stands alone');
        this.#afterReturn = false;
        if (this.#lineBytes === 0) {
          this.#collect(buffer, from, at + 1);
          this.lines = this.lines.slice(0, -2);
          return at + 1;
        }
        this.#lineBytes = 0;
      } else if (byte === carriageReturn) this.#afterReturn = true;
      else if (byte === lineFeed) throw new InvalidResponse('a line feed stands alone');
      else this.#lineBytes += 1;
    }
    this.#collect(buffer, from, to);
    return -1;
  }

  reset(): void {
    this.lines = '';
    this.#bytes = 0;
    this.#lineBytes = 0;
    this.#afterReturn = false;
  }

  #collect(buffer: Buffer, from: number, to: number): void {
    this.#bytes += to - from;
    if (this.#bytes > maxSectionBytes) {
      throw new InvalidResponse(`its headers are larger than ${maxSectionBytes} bytes`);
    }
    this.lines += buffer.toString('latin1', from, to);
  }
}

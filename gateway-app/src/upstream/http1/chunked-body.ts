import { eachField, FieldSection } from './field-section';
import { InvalidResponse } from './invalid-response';

/** Far above any chunk, and exact as a number. */
const maxSizeDigits = 12;
const maxExtensionBytes = 1024;

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const semicolon = 0x3b;

type Part = 'size' | 'extension' | 'sizeEnd' | 'data' | 'dataReturn' | 'dataEnd' | 'trailers';

const ignoreField = (): void => undefined;

/** Reads one chunked body, in whatever pieces it arrives. Extensions are skipped, trailers are checked and dropped. */
export class ChunkedBody {
  #part: Part = 'size';
  #sizeDigits = 0;
  #extensionBytes = 0;
  #remainingBytes = 0;
  readonly #trailers = new FieldSection();
  /** The body's bytes of the last `read`, in its buffer. */
  bodyStart = 0;
  bodyEnd = 0;

  reset(): void {
    this.#part = 'size';
    this.#sizeDigits = 0;
    this.#extensionBytes = 0;
    this.#remainingBytes = 0;
    this.#trailers.reset();
  }

  /**
   * Several chunks in one buffer are moved together in it, so that they are handed on, and written to the client, as one.
   *
   * @returns Index of the first byte after the body, or -1 where its end has not come yet.
   * @throws InvalidResponse The body's bytes before the fault are set.
   */
  read(buffer: Buffer, from: number, to: number): number {
    this.bodyStart = this.bodyEnd = from;
    let at = from;
    while (at < to) {
      if (this.#part === 'data') {
        at = this.#data(buffer, at, to);
      } else if (this.#part === 'trailers') {
        const end = this.#trailers.read(buffer, at, to);
        if (end !== -1) eachField(this.#trailers.lines, ignoreField);
        return end;
      } else {
        this.#line(buffer[at] ?? 0);
        at += 1;
      }
    }
    return -1;
  }

  #data(buffer: Buffer, at: number, to: number): number {
    const end = Math.min(to, at + this.#remainingBytes);
    if (this.bodyEnd === this.bodyStart) this.bodyStart = this.bodyEnd = at;
    if (this.bodyEnd !== at) buffer.copyWithin(this.bodyEnd, at, end);
    this.bodyEnd += end - at;
    this.#remainingBytes -= end - at;
    if (this.#remainingBytes === 0) this.#part = 'dataReturn';
    return end;
  }

  /** One byte of what stands between the data of two chunks. */
  #line(byte: number): void {
    switch (this.#part) {
      case 'size':
        this.#size(byte);
        return;
      case 'extension':
        if (byte === carriageReturn) this.#part = 'sizeEnd';
        else if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) {
          throw new InvalidResponse('a chunk extension holds a control character');
        } else if ((this.#extensionBytes += 1) > maxExtensionBytes) {
          throw new InvalidResponse(`its chunk extensions are larger than ${maxExtensionBytes} bytes`);
        }
        return;
      case 'sizeEnd':
        expect(byte, lineFeed, 'a chunk size does not end with CRLF');
        this.#sizeDigits = 0;
        this.#part = this.#remainingBytes === 0 ? 'trailers' : 'data';
        return;
      case 'dataReturn':
        expect(byte, carriageReturn, 'a chunk is longer than its size');
        this.#part = 'dataEnd';
        return;
      default:
        expect(byte, lineFeed, 'a chunk does not end with CRLF');
        this.#part = 'size';
    }
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      this.#sizeDigits += 1;
      if (this.#sizeDigits > maxSizeDigits) throw new InvalidResponse('a chunk size is too large');
      this.#remainingBytes = this.#remainingBytes * 16 + digit;
    } else if (this.#sizeDigits > 0 && byte === carriageReturn) this.#part = 'sizeEnd';
    else if (this.#sizeDigits > 0 && byte === semicolon) this.#part = 'extension';
    else throw new InvalidResponse('a chunk size is malformed');
  }
}

function expect(byte: number, expected: number, fault: string): void {
  if (byte !== expected) throw new InvalidResponse(fault);
}

/** The digit's value, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

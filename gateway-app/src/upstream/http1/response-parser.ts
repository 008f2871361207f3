import { ChunkedBody } from './chunked-body';
import { FieldSection } from './field-section';
import { InvalidResponse } from './invalid-response';
import { readResponseHead, type ResponseHead } from './response-head';

/** More announcements than this before an answer are no announcements. */
const maxInterimResponses = 16;

const protocol = 'HTTP/1.';

/**
 * Reads one response after the other from the bytes of a connection. After each `read` its fields say what was found; what
 * they say, taken together, does not depend on how the bytes were cut into reads.
 */
export class ResponseParser {
  /** Set from the end of the head on. */
  head: ResponseHead | undefined;
  /** The head came with the last `read`. */
  headIsNew = false;
  /** The body's bytes of the last `read`, in its buffer. */
  bodyStart = 0;
  bodyEnd = 0;
  isComplete = false;
  /** Nothing behind it can be trusted. What came before it is set. */
  fault: InvalidResponse | undefined;
  #interimResponses = 0;
  #remainingBytes = 0;
  readonly #section = new FieldSection();
  readonly #chunked = new ChunkedBody();

  /** Forgets the last response. */
  reset(): void {
    this.head = undefined;
    this.isComplete = false;
    this.fault = undefined;
    this.#interimResponses = 0;
    this.#section.reset();
    this.#chunked.reset();
  }

  /** @returns Index of the first byte that does not belong to the response. */
  read(buffer: Buffer, from: number, to: number): number {
    this.headIsNew = false;
    this.bodyStart = this.bodyEnd = from;
    try {
      const bodyFrom = this.head === undefined ? this.#readHeads(buffer, from, to) : from;
      return this.head === undefined ? to : this.#readBody(this.head, buffer, bodyFrom, to);
    } catch (error) {
      if (!(error instanceof InvalidResponse)) throw error;
      this.fault = error;
      return to;
    }
  }

  /** The connection has ended. @returns What is missing; undefined where this was the body's end. */
  end(): Error | undefined {
    if (this.head?.framing === 'close') {
      this.isComplete = true;
      return undefined;
    }
    return this.head === undefined
      ? new Error('The provider closed the connection before its answer began.')
      : new Error('The provider closed the connection in the middle of its answer.');
  }

  #readHeads(buffer: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      const end = this.#section.read(buffer, at, to);
      if (end === -1) {
        // A server of another protocol waits for us to speak it: the end of this head would never come.
        const { lines } = this.#section;
        if (!lines.startsWith(protocol.slice(0, lines.length)))
          throw new InvalidResponse('it is not HTTP/1.x');
        return to;
      }
      const head = readResponseHead(this.#section.lines);
      this.#section.reset();
      if (head.status >= 200) {
        this.head = head;
        this.headIsNew = true;
        this.#remainingBytes = head.lengthBytes;
        return end;
      }
      if (head.status === 101) throw new InvalidResponse('it changes the protocol, which nobody asked for');
      this.#interimResponses += 1;
      if (this.#interimResponses > maxInterimResponses) {
        throw new InvalidResponse(`more than ${maxInterimResponses} interim responses came before it`);
      }
      at = end;
    }
    return to;
  }

  #readBody({ framing }: ResponseHead, buffer: Buffer, from: number, to: number): number {
    switch (framing) {
      case 'none':
        this.isComplete = true;
        return from;
      case 'length': {
        this.bodyStart = from;
        this.bodyEnd = Math.min(to, from + this.#remainingBytes);
        this.#remainingBytes -= this.bodyEnd - from;
        this.isComplete = this.#remainingBytes === 0;
        return this.bodyEnd;
      }
      case 'chunked':
        return this.#readChunks(buffer, from, to);
      case 'close':
        this.bodyStart = from;
        this.bodyEnd = to;
        return to;
    }
  }

  #readChunks(buffer: Buffer, from: number, to: number): number {
    const chunked = this.#chunked;
    try {
      const end = chunked.read(buffer, from, to);
      this.isComplete = end !== -1;
      return this.isComplete ? end : to;
    } finally {
      this.bodyStart = chunked.bodyStart;
      this.bodyEnd = chunked.bodyEnd;
    }
  }
}

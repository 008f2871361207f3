import { ResponseParser } from '../../../gateway-app/src/upstream/http1/response-parser';

/** What a parser made of one response, all reads taken together. */
export interface Parsed {
  readonly status: number | undefined;
  readonly headers: object | undefined;
  readonly body: string;
  readonly isComplete: boolean;
  readonly faulty: boolean;
  /** Bytes behind the response. */
  readonly surplus: string;
}

/** Reads `bytes` in pieces that end at `cuts`, until the response is complete or faulty. */
export function parse(bytes: Buffer, cuts: readonly number[]): Parsed {
  const parser = new ResponseParser();
  const ends = [...new Set(cuts)].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b);
  let body = '';
  let from = 0;
  for (const to of [...ends, bytes.length]) {
    // A copy, as the parser may move bytes in its buffer.
    const piece = Buffer.from(bytes.subarray(from, to));
    const used = parser.read(piece, 0, piece.length);
    body += piece.toString('latin1', parser.bodyStart, parser.bodyEnd);
    if (parser.isComplete || parser.fault !== undefined) {
      from += used;
      break;
    }
    from = to;
  }
  return {
    status: parser.head?.status,
    headers: parser.head?.headers,
    body,
    isComplete: parser.isComplete,
    faulty: parser.fault !== undefined,
    surplus: parser.fault === undefined ? bytes.toString('latin1', from) : '',
  };
}

import type { IncomingHttpHeaders } from 'node:http';
import { eachField } from './field-section';
import { InvalidResponse } from './invalid-response';

/** How the end of a body is found: there is none, after so many bytes, by chunks, or by the end of the connection. */
export type Framing = 'none' | 'length' | 'chunked' | 'close';

export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly framing: Framing;
  /** Of the body, where `framing` is `length`. */
  readonly lengthBytes: number;
  /** The connection may carry another request after this answer. */
  readonly persistent: boolean;
  /** How long the server keeps the connection without a request; undefined where it does not say. */
  readonly keepAliveHintMs: number | undefined;
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/;
const wholeNumber = /^\d{1,15}$/;
const closeOption = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i;
const timeoutHint = /(?:^|[,;\t ])timeout=(\d{1,6})(?:$|[,;\t ])/i;

/**
 * Reads status line and headers.
 *
 * What could let this reader and another one disagree about where the body ends is refused, never guessed: both
 * Transfer-Encoding and Content-Length, either of them twice, any coding but `chunked`, any length but digits.
 *
 * @throws InvalidResponse
 */
export function readResponseHead(lines: string): ResponseHead {
  const match = statusLine.exec(lines);
  if (match === null) throw new InvalidResponse('its status line is malformed');
  const status = Number(match[2]);
  const fields = readFields(lines.slice(match[0].length));
  const { headers, lengthText, coding } = fields;
  if (coding !== undefined) {
    if (lengthText !== undefined) {
      throw new InvalidResponse('it has both Transfer-Encoding and Content-Length');
    }
    if (match[1] === '0') throw new InvalidResponse('HTTP/1.0 has no Transfer-Encoding');
    if (coding.toLowerCase() !== 'chunked')
      throw new InvalidResponse('its Transfer-Encoding is not "chunked"');
  }
  if (lengthText !== undefined && !wholeNumber.test(lengthText)) {
    throw new InvalidResponse('its Content-Length is not one whole number');
  }
  const lengthBytes = Number(lengthText ?? 0);
  const bodyless = status < 200 || status === 204;
  if (bodyless && (coding !== undefined || lengthBytes > 0)) {
    throw new InvalidResponse(`status ${status} announces a body`);
  }
  return {
    status,
    headers,
    framing:
      bodyless || status === 304
        ? 'none'
        : coding !== undefined
          ? 'chunked'
          : lengthText !== undefined
            ? 'length'
            : 'close',
    lengthBytes,
    persistent: match[1] === '1' && !closeOption.test(headers.connection ?? ''),
    keepAliveHintMs: hintMs(headers['keep-alive']),
  };
}

interface Fields {
  readonly headers: IncomingHttpHeaders;
  lengthText: string | undefined;
  coding: string | undefined;
}

function readFields(lines: string): Fields {
  // Without a prototype: a header may be called `__proto__`.
  const headers = Object.create(null) as Record<string, string | string[]>;
  const fields: Fields = { headers, lengthText: undefined, coding: undefined };
  eachField(lines, (name, value) => {
    if (name === 'set-cookie') {
      const cookies = headers[name];
      if (Array.isArray(cookies)) cookies.push(value);
      else headers[name] = [value];
      return;
    }
    const before = headers[name] as string | undefined;
    if (name === 'content-length') {
      if (before !== undefined) throw new InvalidResponse('it has more than one Content-Length');
      fields.lengthText = value;
    } else if (name === 'transfer-encoding') {
      if (before !== undefined) throw new InvalidResponse('it has more than one Transfer-Encoding');
      fields.coding = value;
    }
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  });
  return fields;
}

function hintMs(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  const seconds = timeoutHint.exec(value)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

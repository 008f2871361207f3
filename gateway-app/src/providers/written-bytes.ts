import type { JsonObject } from '../core/upstream';
import { isBlank } from './json-bytes';

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const letterU = 0x75;

/** Fields whose texts the model wrote, in any of the dialects. */
const writtenFields: ReadonlySet<string> = new Set([
  'content',
  'arguments',
  'text',
  'partial_json',
  'thinking',
  'reasoning',
  'reasoning_content',
  'refusal',
]);
const fieldsByLength: readonly (readonly Buffer[] | undefined)[] = Array.from({ length: 32 }, (_, length) => {
  const fields = [...writtenFields].filter((field) => field.length === length);
  return fields.length === 0 ? undefined : fields.map((field) => Buffer.from(field));
});

/**
 * UTF-8 bytes that a model wrote in one piece of a stream, found without parsing the JSON: doing that for each of a
 * million pieces a second would cost more than passing them on.
 *
 * @param at Index just after the key whose value holds the piece: a text, or an object of texts.
 */
export function writtenBytesAfter(json: Buffer, at: number): number {
  let position = skipBlanks(json, at);
  if (json[position] !== colon) return 0;
  position = skipBlanks(json, position + 1);
  if (json[position] === quote) return decodedBytes(json, position + 1, endOfText(json, position));
  let depth = 0;
  let bytes = 0;
  let isWritten = false;
  for (; position < json.length; position += 1) {
    const byte = json[position];
    if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === quote) {
      const end = endOfText(json, position);
      if (json[skipBlanks(json, end + 1)] === colon) isWritten = isWrittenField(json, position + 1, end);
      else if (isWritten) bytes += decodedBytes(json, position + 1, end);
      position = end;
    }
    // Closed, or no object at all.
    if (depth <= 0) break;
  }
  return bytes;
}

/** The same for an answer that was parsed. */
export function writtenBytesIn(answer: JsonObject): number {
  let bytes = 0;
  const open: unknown[] = [answer];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== 'string') open.push(inner);
      else if (writtenFields.has(key)) bytes += Buffer.byteLength(inner);
    }
  }
  return bytes;
}

function skipBlanks(json: Buffer, at: number): number {
  let position = at;
  while (isBlank(json[position])) position += 1;
  return position;
}

/** Index of the closing quote, or the end where it is missing. */
function endOfText(json: Buffer, openingQuote: number): number {
  let position = openingQuote + 1;
  while (position < json.length && json[position] !== quote) {
    position += json[position] === backslash ? 2 : 1;
  }
  return Math.min(position, json.length);
}

function isWrittenField(json: Buffer, start: number, end: number): boolean {
  const fields = fieldsByLength[end - start];
  if (fields === undefined) return false;
  for (const field of fields) {
    let position = 0;
    while (position < field.length && json[start + position] === field[position]) position += 1;
    if (position === field.length) return true;
  }
  return false;
}

/** Bytes of a JSON text once its escapes are undone. */
function decodedBytes(json: Buffer, start: number, end: number): number {
  let bytes = 0;
  for (let position = start; position < end; position += 1) {
    bytes += 1;
    if (json[position] !== backslash) continue;
    position += 1;
    if (json[position] !== letterU) continue;
    bytes += escapedBytes(parseInt(json.toString('latin1', position + 1, position + 5), 16)) - 1;
    position += 4;
  }
  return bytes;
}

function escapedBytes(code: number): number {
  if (code < 0x80) return 1;
  // Half of a pair, which is 4 bytes together.
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code < 0x800 || isSurrogate ? 2 : 3;
}

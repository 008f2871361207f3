import type { JsonObject } from '../core/upstream';
import { asObject, parseObject } from './json';
import { isBlank } from './json-bytes';

const usageKey = Buffer.from('"usage"');
const colon = 0x3a;
const openingBrace = 0x7b;

/**
 * Where the JSON has a `usage` object; -1 where it has none, or `"usage": null`. A quote within a model's text is always
 * escaped, so no text can fake the key.
 *
 * @returns Index of the opening brace of the last one.
 */
export function usageObjectAt(json: Buffer): number {
  const key = json.lastIndexOf(usageKey);
  if (key === -1) return -1;
  let position = key + usageKey.length;
  while (isBlank(json[position])) position += 1;
  if (json[position] !== colon) return -1;
  do position += 1;
  while (isBlank(json[position]));
  return json[position] === openingBrace ? position : -1;
}

/**
 * The `usage` object of a whole answer. It stands near the end, so it is looked for from there; the rest, which may be
 * megabytes, is not parsed.
 *
 * @param read Takes the object, and says whether it holds counts.
 */
export function readUsageOf(body: Buffer, read: (usage: JsonObject) => boolean): boolean {
  const start = usageObjectAt(body);
  const found =
    start === -1 ? undefined : parseObject(body.toString('utf8', start, endOfObject(body, start)));
  if (found !== undefined && read(found)) return true;
  // A field of the same name may stand behind it, e.g. in metadata.
  if (!body.includes(usageKey)) return false;
  const usage = asObject(parseObject(body.toString('utf8'))?.['usage']);
  return usage !== undefined && read(usage);
}

/** Index after the closing brace. Usage objects hold counts and fixed words: no text in them has a brace. */
function endOfObject(json: Buffer, start: number): number {
  let depth = 0;
  for (let position = start; position < json.length; position += 1) {
    if (json[position] === openingBrace) depth += 1;
    else if (json[position] === 0x7d) depth -= 1;
    if (depth === 0) return position + 1;
  }
  return json.length;
}

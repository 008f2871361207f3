/** Text of JSON that is put together by hand, where `JSON.stringify` of an object would take three times as long. */

const needsNoEscape = /^[\w.:-]*$/;

/** A text as a JSON string. */
export function quoted(text: string): string {
  return needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** To the microsecond: a reader sees nothing but noise behind it. */
export function roundedMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

let knownMs = 0;
let knownText = '';

/** The time as ISO 8601. Many lines share a millisecond, and to write out a time costs as much as to hash a line. */
export function isoNow(): string {
  const ms = Date.now();
  if (ms !== knownMs) {
    knownMs = ms;
    knownText = new Date(ms).toISOString();
  }
  return knownText;
}

import { createReadStream } from 'node:fs';
import { readAuditLine } from './line';
import type { Place } from './finding';

const lineFeed = 0x0a;
/** A longer line is no audit line; what follows its first bytes is not needed to say so. */
const maxLineBytes = 1024 * 1024;

/**
 * The files in the order in which they were written, by the time of their first audit line: a shell lists `audit.log` before
 * `audit.log.1`, which is older.
 *
 * @throws Error where one cannot be read.
 */
export async function inOrderOfTime(files: readonly string[]): Promise<string[]> {
  const begun = await Promise.all(files.map(async (file) => ({ file, ...(await beginning(file)) })));
  const before = (a: Beginning, b: Beginning): boolean =>
    a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
  return begun.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0)).map(({ file }) => file);
}

/**
 * Reads a file line by line as bytes, for a hash is of bytes.
 *
 * @throws Error where it cannot be read.
 */
export async function* linesOf(
  file: string,
): AsyncGenerator<{ readonly bytes: Buffer; readonly place: Place }> {
  let line = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const hold = (part: Buffer): void => {
    if (heldBytes < maxLineBytes) held.push(part);
    heldBytes += part.length;
  };
  const whole = (): { bytes: Buffer; place: Place } => {
    line += 1;
    const bytes = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return { bytes, place: { file, line } };
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      hold(chunk.subarray(start, end));
      yield whole();
      start = end + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }
  if (heldBytes > 0) yield whole();
}

/** The number decides where two small files begin in the same millisecond. */
interface Beginning {
  readonly time: string;
  readonly sequence: number;
}

async function beginning(file: string): Promise<Beginning> {
  for await (const { bytes } of linesOf(file)) {
    const line = readAuditLine(bytes);
    const time = line?.members['time'];
    if (line !== undefined && typeof time === 'string') return { time, sequence: line.sequence };
  }
  return { time: '', sequence: 0 };
}

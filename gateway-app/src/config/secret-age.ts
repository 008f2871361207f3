import { readFile, stat } from 'node:fs/promises';
import { issuedSuffix } from '../../contract/secret-file';

/** `2026-11-24` or `2026-11-24T09:30:00Z`: without a zone a time would mean another one on another machine. */
const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Since when a secret's value is in use, in seconds since the Unix epoch: what the file beside it says, else when the
 * secret's own file was written.
 *
 * @returns 0 where the file beside it holds no date, so that whoever watches the age notices.
 */
export async function issuedAt(path: string): Promise<number> {
  const text = await readFile(path + issuedSuffix, 'utf8').catch(() => undefined);
  if (text === undefined) return (await stat(path)).mtimeMs / 1000;
  const milliseconds = date.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  return Number.isNaN(milliseconds) ? 0 : milliseconds / 1000;
}

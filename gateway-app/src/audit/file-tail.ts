import type { FileHandle } from 'node:fs/promises';
import type { ChainHead } from './chain';
import { readAuditLine } from './line';

/** Far above the longest audit line. */
const tailBytes = 64 * 1024;
const lineFeed = 0x0a;

export interface FileTail {
  /** The last whole line, or `unreadable` where that is no audit line; undefined for an empty file. */
  readonly last: ChainHead | 'unreadable' | undefined;
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** What a write that was cut short has left behind it. */
  readonly cutBytes: number;
}

/**
 * Looks at the end of an audit file.
 *
 * @throws Error where the end holds no line end at all, so that it cannot be an audit file.
 */
export async function readFileTail(file: FileHandle, path: string): Promise<FileTail> {
  const { size } = await file.stat();
  if (size === 0) return { last: undefined, wholeBytes: 0, cutBytes: 0 };
  const start = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const tail = buffer.subarray(0, bytesRead);
  const end = tail.lastIndexOf(lineFeed);
  if (end < 0 && start > 0) {
    throw new Error(
      `${path} holds no line end in its last ${tailBytes} bytes, so it is no audit file. Name another.`,
    );
  }
  const wholeBytes = start + end + 1;
  const cutBytes = size - wholeBytes;
  if (end < 0) return { last: undefined, wholeBytes, cutBytes };
  const line = readAuditLine(tail.subarray(tail.lastIndexOf(lineFeed, end - 1) + 1, end));
  if (line === undefined || line.hash !== line.computed) return { last: 'unreadable', wholeBytes, cutBytes };
  const { chain, sequence, hash } = line;
  return { last: { chain, sequence, hash }, wholeBytes, cutBytes };
}

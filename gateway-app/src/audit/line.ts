import { hash } from 'node:crypto';
import { auditLineStart } from '../../contract/audit-line';

/** An audit line as it was found. */
export interface AuditLine {
  readonly chain: string;
  readonly sequence: number;
  /** Hash of the line before. */
  readonly previous: string;
  /** The hash that the line carries. */
  readonly hash: string;
  /** The hash that its bytes have. Where the two differ, nothing in the line can be believed. */
  readonly computed: string;
  readonly members: Readonly<Record<string, unknown>>;
}

const hexHash = /^[0-9a-f]{64}$/;
const ending = /,"hash":"([0-9a-f]{64})"\}$/;
const endingBytes = ',"hash":""}'.length + 64;

/** One of the two marks survives any single change, so that a damaged audit line does not pass for a log line. */
export function looksLikeAudit(line: Buffer): boolean {
  return line.includes(auditLineStart) || claimedHash(line) !== undefined;
}

/**
 * Reads one line, given without its line end.
 *
 * @returns undefined where it is not an audit line in its whole form.
 */
export function readAuditLine(line: Buffer): AuditLine | undefined {
  const claimed = claimedHash(line);
  if (claimed === undefined || line.indexOf(auditLineStart) !== 0) return undefined;
  const members = jsonObject(line.toString('utf8'));
  if (members === undefined) return undefined;
  const { chain, sequence, previous } = members;
  if (typeof chain !== 'string' || typeof previous !== 'string' || !hexHash.test(previous)) return undefined;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) return undefined;
  const computed = hash('sha256', line.subarray(0, line.length - endingBytes));
  return { chain, sequence, previous, hash: claimed, computed, members };
}

function claimedHash(line: Buffer): string | undefined {
  return ending.exec(line.toString('latin1', Math.max(0, line.length - endingBytes)))?.[1];
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

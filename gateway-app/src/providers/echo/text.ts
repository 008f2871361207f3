import { estimatedPromptTokens, estimatedTokens } from '../../core/usage';
import type { JsonObject } from '../../core/upstream';
import { asList, asObject } from '../json';

const maxPieces = 8;

export interface EchoUsage {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

export function usageOf(body: JsonObject, written: string): EchoUsage {
  const input = estimatedPromptTokens(body);
  const output = estimatedTokens(Buffer.byteLength(written));
  return { input, output, total: input + output };
}

/** The text of the last message that a user wrote. */
export function lastUserText(messages: unknown): string {
  const last = asList(messages).findLast((message) => asObject(message)?.['role'] === 'user');
  return contentText(asObject(last)?.['content']);
}

/** A content that is a text, or a list of parts with texts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return asList(content)
    .map((part) => (typeof part === 'string' ? part : asObject(part)?.['text']))
    .filter((text) => typeof text === 'string')
    .join('');
}

/** Cuts between code points, so that no half of a surrogate pair is sent. */
export function pieces(text: string): string[] {
  const size = Math.max(16, Math.ceil(text.length / maxPieces));
  const result: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = start + size;
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end += 1;
    result.push(text.slice(start, end));
    start = end;
  }
  return result;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

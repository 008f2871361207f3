import { createHash } from 'node:crypto';

/** Short enough for an annotation, and another one for another text. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

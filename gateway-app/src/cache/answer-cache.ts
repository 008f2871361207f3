import type { RuntimeConfig } from '../../contract/runtime-config';

/** An answer of status 200, whole. */
export interface StoredAnswer {
  /** A stream is kept as its bytes, and given again in one write. */
  readonly stream: boolean;
  readonly body: Buffer;
}

interface Entry extends StoredAnswer {
  readonly storedMs: number;
}

/** What an entry takes beside its body: key, map and object. */
const entryOverheadBytes = 512;

/** Answers by the key of their request, bounded in bytes and age. The one that was not asked for longest goes first. */
export class AnswerCache {
  /** In the order in which they were asked for. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(private readonly limits: NonNullable<RuntimeConfig['cache']>) {}

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @returns The answer and its age; undefined where there is none, or only one older than `maxAgeMs`. */
  get(key: string, maxAgeMs: number, nowMs: number): { answer: StoredAnswer; ageMs: number } | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const ageMs = nowMs - entry.storedMs;
    if (ageMs >= this.limits.maxAgeSeconds * 1000) {
      this.#remove(key, entry);
      return undefined;
    }
    if (ageMs > maxAgeMs || maxAgeMs === 0) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return { answer: entry, ageMs };
  }

  set(key: string, answer: StoredAnswer, nowMs: number): void {
    if (answer.body.length > this.limits.maxEntryBytes) return;
    const earlier = this.#entries.get(key);
    if (earlier !== undefined) this.#remove(key, earlier);
    this.#entries.set(key, { ...answer, storedMs: nowMs });
    this.#bytes += sizeOf(answer);
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.limits.maxBytes) return;
      this.#remove(oldest, entry);
    }
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= sizeOf(entry);
  }
}

function sizeOf({ body }: StoredAnswer): number {
  return body.length + entryOverheadBytes;
}

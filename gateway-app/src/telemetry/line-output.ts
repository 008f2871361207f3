import { write, writeSync } from 'node:fs';

/** Pauses before a write is tried again: a pipe whose reader is slow (EAGAIN), and a failure. */
const defaultRetry = { againMs: 10, failedMs: 500 };
/** How long lines gather, or until they are so many: each write wakes a thread, which costs as much as to make ten lines. */
const gatherMs = 10;
const batchBytes = 64 * 1024;

interface Item {
  /** Log lines that came one after the other share one. */
  text: string | Buffer;
  readonly onWritten?: () => void;
}

interface Batch {
  readonly bytes: Buffer;
  readonly items: readonly Item[];
  offset: number;
}

/**
 * The one writer of a file descriptor. Those who share it write whole lines, in the order in which they came: two writers
 * would cut each other's lines wherever a write is only partly taken.
 *
 * It never blocks the event loop. A write that fails is tried again until it succeeds, from the byte where it stopped.
 */
export class LineOutput {
  #waiting: Item[] = [];
  #waitingBytes = 0;
  #current: Batch | undefined;
  #isWriting = false;
  #gathering: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  /** Why nothing can be written at present; undefined while it can. */
  failure: Error | undefined;
  /** Called when `failure` is set or cleared. */
  onStateChange: () => void = () => undefined;

  /** @param maxLogBytes What may wait before further log lines are dropped. */
  constructor(
    private readonly fd: number,
    private readonly maxLogBytes: number,
    private readonly retry: typeof defaultRetry = defaultRetry,
  ) {}

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Adds a log line. One that finds no room is dropped: a collector that does not read must not fill the memory. */
  write(line: string): void {
    if (this.#waitingBytes >= this.maxLogBytes) return;
    const last = this.#waiting.at(-1);
    if (last !== undefined && typeof last.text === 'string' && last.text.length < batchBytes) {
      last.text += line;
      this.#added(line.length);
    } else this.#add({ text: line });
  }

  /** Adds whole lines that are never dropped. Their owner bounds them, and hears when they are written. */
  send(lines: Buffer): Promise<void> {
    return new Promise((onWritten) => {
      this.#add({ text: lines, onWritten });
    });
  }

  /** When all is written, and at the latest after `limitMs`. */
  async drained(limitMs: number): Promise<void> {
    if (this.#current === undefined && this.#waiting.length === 0) return;
    let limit: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
      limit = setTimeout(resolve, limitMs);
    });
    clearTimeout(limit);
  }

  /** Writes the rest before an exit that cannot wait, as far as the descriptor takes it. */
  flushSync(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    // What a write in progress holds is the system's already; writing it again would double its lines.
    const begun = this.#current !== undefined && !this.#isWriting ? [rest(this.#current)] : [];
    const bytes = Buffer.concat([...begun, joined(this.#waiting)]);
    this.#current = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      for (let offset = 0; offset < bytes.length;) offset += writeSync(this.fd, bytes, offset);
    } catch {
      // The process ends and the descriptor takes nothing: nobody is left to tell.
    }
  }

  #add(item: Item): void {
    this.#waiting.push(item);
    this.#added(item.text.length);
  }

  #added(bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#current !== undefined) return;
    if (this.#waitingBytes >= batchBytes) this.#next();
    else
      this.#gathering ??= setTimeout(() => {
        this.#next();
      }, gatherMs);
  }

  #next(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#current !== undefined) return;
    this.#current = this.#takeBatch();
    if (this.#current !== undefined) this.#write(this.#current);
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  #takeBatch(): Batch | undefined {
    let taken = 0;
    for (let size = 0; taken < this.#waiting.length && size < batchBytes; taken += 1) {
      size += this.#waiting[taken]?.text.length ?? 0;
    }
    if (taken === 0) return undefined;
    const items = this.#waiting.splice(0, taken);
    for (const { text } of items) this.#waitingBytes -= text.length;
    return { bytes: joined(items), items, offset: 0 };
  }

  #write(batch: Batch): void {
    this.#isWriting = true;
    write(this.fd, batch.bytes, batch.offset, (error, writtenBytes) => {
      this.#isWriting = false;
      if (this.#current !== batch) return;
      batch.offset += writtenBytes;
      if (error === null && batch.offset === batch.bytes.length) {
        this.#setFailure(undefined);
        this.#current = undefined;
        for (const { onWritten } of batch.items) onWritten?.();
        this.#next();
      } else if (error === null) this.#write(batch);
      else this.#writeLater(batch, error);
    });
  }

  #writeLater(batch: Batch, error: NodeJS.ErrnoException): void {
    const isFull = error.code === 'EAGAIN';
    if (!isFull) this.#setFailure(error);
    this.#timer = setTimeout(
      () => {
        this.#write(batch);
      },
      isFull ? this.retry.againMs : this.retry.failedMs,
    ).unref();
  }

  #setFailure(failure: Error | undefined): void {
    const changed = (failure === undefined) !== (this.failure === undefined);
    this.failure = failure;
    if (changed) this.onStateChange();
  }
}

function joined(items: readonly Item[]): Buffer {
  const parts = items.map(({ text }) => (typeof text === 'string' ? Buffer.from(text) : text));
  return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
}

/** What the system has not taken yet. */
function rest({ bytes, offset }: Batch): Buffer {
  return bytes.subarray(offset);
}

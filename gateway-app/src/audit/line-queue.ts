import type { Chain } from './chain';
import type { AuditSink } from './sink';

/** Lines that one write brings into one file. */
interface Batch {
  readonly startsFile: boolean;
  text: string;
  lines: number;
  bytes: number;
}

/** What a line holds beside its members: kind, chain, number and both hashes. Rather too much than too little. */
const sealBytes = 320;
/** A UTF-16 unit becomes at most so many bytes of UTF-8. */
const maxBytesPerUnit = 3;

/**
 * Sealed lines that wait to be written, divided where a new file begins. That is decided when a line is sealed and not when
 * it is written, because each file begins with a record of its own, which needs its place in the chain.
 */
export class LineQueue {
  readonly #batches: Batch[] = [];
  #taken: Batch | undefined;
  #fileBytes: number;
  #writtenLines = 0;
  /** Bytes held in memory, those being written included. */
  bytes = 0;
  /** Lines held in memory, those being written included. */
  lines = 0;
  /** @param fileStart Members of the record that a new file begins with. */
  constructor(
    private readonly chain: Chain,
    private readonly sink: AuditSink,
    private readonly fileStart: () => string,
  ) {
    this.#fileBytes = sink.openedBytes;
  }

  /** Number of the last line that was written; -1 before the first. */
  get writtenSequence(): number {
    return this.#writtenLines - 1;
  }

  add(members: string): void {
    if (this.#fileBytes > 0 && !this.#fits(members)) {
      this.#fileBytes = 0;
      this.#push(this.fileStart(), true);
    }
    this.#push(members, false);
  }

  #fits(members: string): boolean {
    const roomBytes = this.sink.maxFileBytes - this.#fileBytes - sealBytes;
    // To count the bytes of each record exactly would cost more than to write it.
    return members.length * maxBytesPerUnit <= roomBytes || Buffer.byteLength(members) <= roomBytes;
  }

  #push(members: string, startsFile: boolean): void {
    const line = this.chain.seal(members);
    const bytes = Buffer.byteLength(line);
    this.#fileBytes += bytes;
    this.bytes += bytes;
    this.lines += 1;
    const last = this.#batches.at(-1);
    if (last === undefined || startsFile) {
      this.#batches.push({ startsFile, text: line, lines: 1, bytes });
      return;
    }
    last.text += line;
    last.lines += 1;
    last.bytes += bytes;
  }

  /** The next lines to write, until {@link release} says that they are. */
  take(): { readonly bytes: Buffer; readonly startsFile: boolean } | undefined {
    this.#taken = this.#batches.shift();
    if (this.#taken === undefined) return undefined;
    return { bytes: Buffer.from(this.#taken.text), startsFile: this.#taken.startsFile };
  }

  release(): void {
    if (this.#taken === undefined) return;
    this.bytes -= this.#taken.bytes;
    this.lines -= this.#taken.lines;
    this.#writtenLines += this.#taken.lines;
    this.#taken = undefined;
  }
}

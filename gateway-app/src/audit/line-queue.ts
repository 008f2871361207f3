import type { Chain, ChainHead } from './chain';
import type { AuditSink } from './sink';

/** Lines that one write brings into one file. */
interface Batch {
  readonly startsFile: boolean;
  text: string;
  lines: number;
  bytes: number;
  head: ChainHead;
}

/** What a line holds beside its members: kind, chain, number and both hashes. Rather too much than too little. */
const sealBytes = 320;

/**
 * Sealed lines that wait to be written, divided where a new file begins. That is decided when a line is sealed and not when
 * it is written, because each file begins with a record of its own, which needs its place in the chain.
 */
export class LineQueue {
  readonly #batches: Batch[] = [];
  #taken: Batch | undefined;
  #fileBytes: number;
  /** Bytes held in memory, those being written included. */
  bytes = 0;
  /** Lines held in memory, those being written included. */
  lines = 0;
  /** The last line that was written. */
  written: ChainHead;

  /** @param fileStart Members of the record that a new file begins with. */
  constructor(
    private readonly chain: Chain,
    private readonly sink: AuditSink,
    private readonly fileStart: () => string,
  ) {
    this.#fileBytes = sink.openedBytes;
    this.written = chain.head;
  }

  get waitingBytes(): number {
    return this.bytes - (this.#taken?.bytes ?? 0);
  }

  add(members: string): void {
    const expectedBytes = Buffer.byteLength(members) + sealBytes;
    if (this.#fileBytes > 0 && this.#fileBytes + expectedBytes > this.sink.maxFileBytes) {
      this.#fileBytes = 0;
      this.#push(this.fileStart(), true);
    }
    this.#push(members, false);
  }

  #push(members: string, startsFile: boolean): void {
    const line = this.chain.seal(members);
    const bytes = Buffer.byteLength(line);
    this.#fileBytes += bytes;
    this.bytes += bytes;
    this.lines += 1;
    const last = this.#batches.at(-1);
    if (last === undefined || startsFile) {
      this.#batches.push({ startsFile, text: line, lines: 1, bytes, head: this.chain.head });
      return;
    }
    last.text += line;
    last.lines += 1;
    last.bytes += bytes;
    last.head = this.chain.head;
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
    this.written = this.#taken.head;
    this.#taken = undefined;
  }
}

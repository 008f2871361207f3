import { isoNow } from '../core/json-text';
import type { Chain, ChainHead } from './chain';
import { LineQueue } from './line-queue';
import type { AuditSink } from './sink';

/** Constants of the audit log. A test hands in smaller ones; nothing else may. */
export const auditLimits = {
  /** A line reaches the sink at the latest so long after it was made. */
  flushMs: 50,
  /** ... or as soon as so much has gathered. */
  flushBytes: 64 * 1024,
  /** What waits for a sink that is slow or fails. Beyond it, records are counted in the place of being kept. */
  maxBufferedBytes: 8 * 1024 * 1024,
  /** A write that takes longer counts as a failure. */
  stallMs: 5_000,
  /** How long the end of the process waits for the last write. */
  closeMs: 1_500,
};

type OnFailure = 'refuse' | 'count';

export interface AuditLogParts {
  readonly sink: AuditSink;
  readonly chain: Chain;
  /** Whose chain it is. Stands in its first record, and in the first of each further file. */
  readonly origin: { readonly instance: string; readonly pid: number; readonly processStart: string };
  /** The last line in the file before this chain; `unreadable` where that was no whole line of a chain. */
  readonly predecessor?: ChainHead | 'unreadable' | undefined;
  /** Half a line that a crash had left at the end of the file, and that was cut off. */
  readonly cutBytes?: number | undefined;
  /** `refuse`: no request without its record. `count`: requests go on, and lost records are counted. */
  readonly onFailure: OnFailure;
  readonly limits?: typeof auditLimits;
  /** Hears that the sink began to fail, works again, or could not be written before the end. */
  readonly report: (problem: AuditReport) => void;
}

export type AuditReport =
  | { readonly event: 'failing'; readonly cause: Error }
  | { readonly event: 'recovered'; readonly lostRecords: number }
  | { readonly event: 'unwritten'; readonly unwrittenRecords: number };

/** One hash chain on its way to one sink. Records are written in batches, and no request waits for them. */
export class AuditLog {
  readonly #limits: typeof auditLimits;
  readonly #queue: LineQueue;
  #writing: { readonly sinceMs: number; readonly done: Promise<void> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lostRecords = 0;
  #lostSince = '';
  #isFailing = false;
  #isClosed = false;
  #isGivenUp = false;
  /** Records since the start that no line tells of; gap records tell how many. */
  droppedRecords = 0;
  onFailure: OnFailure;

  constructor(private readonly parts: AuditLogParts) {
    this.onFailure = parts.onFailure;
    this.#limits = parts.limits ?? auditLimits;
    const origin = JSON.stringify(parts.origin).slice(1, -1);
    this.#queue = new LineQueue(parts.chain, parts.sink, () => record('file', origin));
    parts.sink.onStateChange = () => {
      this.#sinkChanged();
    };
    const { predecessor, cutBytes } = parts;
    const link = JSON.stringify({ predecessor, cutBytes }).slice(1, -1);
    this.#add(record('start', link === '' ? origin : `${origin},${link}`));
  }

  /** Number of the last line that reached the sink, -1 before the first. Kept elsewhere, it shows a later cut of the end. */
  get writtenSequence(): number {
    return this.#queue.writtenSequence;
  }

  /** The sink takes records, as far as is known. */
  get isWorking(): boolean {
    if (this.#isClosed || this.#isFailing) return false;
    return this.#writing === undefined || performance.now() - this.#writing.sinceMs < this.#limits.stallMs;
  }

  /** A request may begin: its record will find room. Half of the buffer is kept for those in progress. */
  get admitsRequests(): boolean {
    if (this.onFailure === 'count') return true;
    return this.isWorking && this.#queue.bytes < this.#limits.maxBufferedBytes / 2;
  }

  /**
   * Adds a record. Where there is no room for it, it is counted, and the chain says how many are missing when it goes on.
   *
   * @param members Members of a JSON object, without its braces.
   */
  append(event: 'request' | 'admin', members: string): void {
    // Room comes by a write alone, and its end records the gap first: a gap is one place in the chain, with one count.
    if (this.#queue.bytes < this.#limits.maxBufferedBytes && !this.#isClosed) {
      this.#add(record(event, members));
      return;
    }
    if (this.#lostRecords === 0) this.#lostSince = isoNow();
    this.#lostRecords += 1;
    this.droppedRecords += 1;
  }

  /** Ends the chain, writes what is left and closes the sink. A sink that does not take it in time is given up. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#addGap();
    this.#add(record('end', ''));
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const deadline = setTimeout(() => {
      this.#isGivenUp = true;
      void this.parts.sink.close();
    }, this.#limits.closeMs);
    while (!this.#isGivenUp && this.#queue.lines > 0) {
      this.#flush();
      await this.#writing?.done;
    }
    clearTimeout(deadline);
    const unwrittenRecords = this.#queue.lines;
    if (unwrittenRecords > 0) this.parts.report({ event: 'unwritten', unwrittenRecords });
    // Given up, it was closed above, which may never end: a dead network disk answers nothing.
    else await this.parts.sink.close();
  }

  #add(members: string): void {
    this.#queue.add(members);
    this.#schedule();
  }

  #addGap(): void {
    if (this.#lostRecords === 0) return;
    const members = `"lostRecords":${this.#lostRecords},"since":"${this.#lostSince}"`;
    this.#lostRecords = 0;
    this.#add(record('gap', members));
  }

  #schedule(): void {
    if (this.#writing !== undefined || this.#queue.lines === 0) return;
    if (this.#queue.bytes >= this.#limits.flushBytes) this.#flush();
    else
      this.#timer ??= setTimeout(() => {
        this.#flush();
      }, this.#limits.flushMs).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing !== undefined) return;
    const batch = this.#queue.take();
    if (batch === undefined) return;
    const done = this.parts.sink.write(batch.bytes, batch.startsFile).then(
      () => {
        this.#queue.release();
        // Nothing may follow the end of a chain.
        if (!this.#isClosed) this.#addGap();
      },
      // The sink was closed over it; `close` reports what is left.
      () => undefined,
    );
    this.#writing = {
      sinceMs: performance.now(),
      done: done.then(() => {
        this.#writing = undefined;
        if (!this.#isClosed) this.#schedule();
      }),
    };
  }

  #sinkChanged(): void {
    const cause = this.parts.sink.failure;
    if (cause !== undefined && !this.#isFailing) {
      this.#isFailing = true;
      this.parts.report({ event: 'failing', cause });
    } else if (cause === undefined && this.#isFailing) {
      this.#isFailing = false;
      this.parts.report({ event: 'recovered', lostRecords: this.#lostRecords });
    }
  }
}

function record(event: string, members: string): string {
  return `"time":"${isoNow()}","event":"${event}"${members === '' ? '' : `,${members}`}`;
}

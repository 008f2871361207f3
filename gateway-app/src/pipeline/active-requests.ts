import type { AbortReason, RequestContext } from '../core/request-context';
import type { Pipeline } from './pipeline';

interface Entry {
  readonly context: RequestContext;
  /** Its place in the list; -1 once it has left. */
  index: number;
}

/** How late a request that never ends may be noticed. */
const maxSweepMs = 1_000;

/**
 * The requests in progress. Each is completed exactly once: when it leaves this list.
 *
 * A list and no `Set`: one that is added to and deleted from leaves a trail of outgrown tables, which keep every request
 * alive until the next full collection. And one sweep over the list costs less than a timer for each request.
 */
export class ActiveRequests implements Iterable<RequestContext> {
  readonly #open: Entry[] = [];
  #sweep: NodeJS.Timeout | undefined;
  #onEmpty: (() => void)[] = [];

  /** @param limitMs The gateway's own limit for one request, from its headers to the client's last byte. */
  constructor(private readonly limitMs: number) {}

  /**
   * Takes a request up.
   *
   * @returns What completes it. Call it when the client's side has ended; further calls do nothing.
   */
  begin(context: RequestContext, pipeline: Pipeline): () => void {
    const entry: Entry = { context, index: this.#open.length };
    this.#open.push(entry);
    this.#sweep ??= setInterval(
      () => {
        this.#abortOverdue();
      },
      Math.min(maxSweepMs, this.limitMs / 4),
    ).unref();
    return () => {
      if (entry.index === -1) return;
      this.#remove(entry);
      pipeline.complete(context);
      if (this.isEmpty) this.#announceEmpty();
    };
  }

  *[Symbol.iterator](): Iterator<RequestContext> {
    for (const { context } of this.#open) yield context;
  }

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  abortAll(reason: AbortReason): void {
    for (const context of [...this]) context.abort(reason);
  }

  whenEmpty(): Promise<void> {
    if (this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty.push(resolve);
    });
  }

  #remove(entry: Entry): void {
    const last = this.#open.pop();
    if (last !== undefined && last !== entry) {
      this.#open[entry.index] = last;
      last.index = entry.index;
    }
    entry.index = -1;
  }

  #abortOverdue(): void {
    // An idle gateway has nothing to look for, and a process that ends is not kept by it.
    if (this.isEmpty) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
      return;
    }
    const overdue = [...this].filter(({ clock, startedMs }) => clock() - startedMs >= this.limitMs);
    for (const context of overdue) context.abort('deadline');
  }

  #announceEmpty(): void {
    const listeners = this.#onEmpty;
    this.#onEmpty = [];
    for (const listener of listeners) listener();
  }
}

import type { AbortReason, RequestContext } from '../core/request-context';
import type { Pipeline } from './pipeline';

/** The requests in progress. Each is completed exactly once: when it leaves this set. */
export class ActiveRequests implements Iterable<RequestContext> {
  readonly #open = new Set<RequestContext>();
  #onEmpty: (() => void)[] = [];

  /** @param limitMs The gateway's own limit for one request, from its headers to the client's last byte. */
  constructor(private readonly limitMs: number) {}

  /**
   * Takes a request up.
   *
   * @returns What completes it. Call it when the client's side has ended; further calls do nothing.
   */
  begin(context: RequestContext, pipeline: Pipeline): () => void {
    this.#open.add(context);
    const deadline = setTimeout(() => {
      context.abort('deadline');
    }, this.limitMs);
    return () => {
      if (!this.#open.delete(context)) return;
      clearTimeout(deadline);
      pipeline.complete(context);
      if (this.isEmpty) this.#announceEmpty();
    };
  }

  [Symbol.iterator](): Iterator<RequestContext> {
    return this.#open.values();
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  abortAll(reason: AbortReason): void {
    for (const context of [...this.#open]) context.abort(reason);
  }

  whenEmpty(): Promise<void> {
    if (this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty.push(resolve);
    });
  }

  #announceEmpty(): void {
    const listeners = this.#onEmpty;
    this.#onEmpty = [];
    for (const listener of listeners) listener();
  }
}

import type { AnswerHeaders } from '../core/client-exchange';
import type { RequestContext } from '../core/request-context';

/** One client that is given an answer which another exchange brings. */
export class Listener {
  /** The next chunk that it gets. */
  place = 0;
  #isReady = true;

  /**
   * @param context The client's request.
   * @param source The request that asks the provider; how it ended is how this one ends.
   */
  constructor(
    readonly context: RequestContext,
    private readonly source: RequestContext,
  ) {}

  /** It takes more. */
  get isReady(): boolean {
    return this.#isReady;
  }

  onDrain(drained: () => void): void {
    this.context.response.onDrain(() => {
      this.#isReady = true;
      drained();
    });
  }

  answer(status: number, headers: AnswerHeaders, body: string | Buffer): void {
    this.#working(() => {
      this.context.answerLike(this.source, status, headers, body);
    });
  }

  begin(): void {
    this.#working(() => {
      this.context.beginStream();
    });
  }

  write(chunk: Buffer): void {
    this.place += 1;
    this.#working(() => {
      this.#isReady = this.context.response.write(chunk);
    });
  }

  end(): void {
    this.#working(() => {
      this.context.endLike(this.source);
    });
  }

  /** The time of a step is the gateway's own, the time around it is waiting. */
  #working(step: () => void): void {
    const { waits, clock } = this.context;
    waits.end(clock());
    step();
    waits.begin(clock());
  }
}

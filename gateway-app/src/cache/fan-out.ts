import type { AnswerHeaders, ClientResponse } from '../core/client-exchange';
import type { Listener } from './listener';

/** How far a listener may be behind the fastest one before it is given up. */
const maxLagBytes = 1024 * 1024;

interface Whole {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string | Buffer;
}

/**
 * Gives one provider's answer to every listener, from its beginning on.
 *
 * The provider is held while no listener takes more, so the fastest one sets the pace; one that falls behind by more than a
 * bound is given up, since what it has not read yet would have to be kept for it.
 */
export class FanOut implements ClientResponse {
  readonly #listeners = new Set<Listener>();
  readonly #drained: (() => void)[] = [];
  /** What some listener has not read, or a late one will want. */
  #chunks: Buffer[] = [];
  /** Chunks that were let go: the place of the first of `#chunks`. */
  #firstPlace = 0;
  #bytes = 0;
  #isComplete = true;
  #hasBegun = false;
  #hasEnded = false;
  #whole: Whole | undefined;

  /**
   * @param maxKeptBytes Of a longer answer the beginning is let go.
   * @param onGivenUp A listener was too slow.
   * @param onEnd The answer is complete, or broken off for good. Called before the listeners are told.
   */
  constructor(
    private readonly maxKeptBytes: number,
    private readonly onGivenUp: (listener: Listener) => void,
    private readonly onEnd: () => void,
  ) {}

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** A listener that comes now still gets the beginning. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The answer so far; the whole of it once it has ended. Undefined where its beginning was let go. */
  get body(): Buffer | undefined {
    if (this.#whole !== undefined) return Buffer.from(this.#whole.body);
    return this.#isComplete ? Buffer.concat(this.#chunks) : undefined;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  get first(): Listener | undefined {
    return this.#listeners.values().next().value;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    listener.onDrain(() => {
      this.#goOn(listener);
    });
    if (this.#hasBegun && this.#whole === undefined) {
      listener.begin();
      this.#serve(listener);
    }
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#letGo();
    this.#callProvider();
  }

  answer(status: number, headers: AnswerHeaders, body: string | Buffer): void {
    this.#hasBegun = true;
    this.#hasEnded = true;
    this.#whole = { status, headers, body };
    this.onEnd();
    for (const listener of this.#listeners) listener.answer(status, headers, body);
  }

  begin(): void {
    this.#hasBegun = true;
    for (const listener of this.#listeners) listener.begin();
  }

  write(chunk: Buffer | string): boolean {
    const bytes = Buffer.from(chunk);
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > this.maxKeptBytes) this.#isComplete = false;
    for (const listener of [...this.#listeners]) this.#serve(listener);
    this.#letGo();
    return this.#isTaken();
  }

  onDrain(listener: () => void): void {
    this.#drained.push(listener);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.onEnd();
    for (const listener of [...this.#listeners]) this.#serve(listener);
  }

  destroy(): void {
    this.end();
  }

  /** Writes what the listener has not got, as far as it takes it. */
  #serve(listener: Listener): void {
    while (listener.isReady && listener.place < this.#endPlace) {
      const chunk = this.#chunks[listener.place - this.#firstPlace];
      if (chunk === undefined) break;
      listener.write(chunk);
    }
    if (listener.place === this.#endPlace) {
      if (this.#hasEnded) listener.end();
    } else if (this.#listeners.size > 1 && this.#lagOf(listener) > maxLagBytes) {
      this.onGivenUp(listener);
    }
  }

  #goOn(listener: Listener): void {
    if (!this.#listeners.has(listener)) return;
    this.#serve(listener);
    this.#letGo();
    this.#callProvider();
  }

  #callProvider(): void {
    if (this.#hasEnded || !this.#isTaken()) return;
    for (const drained of this.#drained) drained();
  }

  /** Some listener takes more. */
  #isTaken(): boolean {
    for (const { isReady } of this.#listeners) if (isReady) return true;
    return false;
  }

  get #endPlace(): number {
    return this.#firstPlace + this.#chunks.length;
  }

  #lagOf({ place }: Listener): number {
    return this.#chunks.slice(place - this.#firstPlace).reduce((sum, { length }) => sum + length, 0);
  }

  /** What everybody has, and nobody will join for. */
  #letGo(): void {
    if (this.#isComplete) return;
    let lowest = this.#endPlace;
    for (const { place } of this.#listeners) lowest = Math.min(lowest, place);
    if (lowest === this.#firstPlace) return;
    this.#chunks.splice(0, lowest - this.#firstPlace);
    this.#firstPlace = lowest;
  }
}

import { asGatewayError } from '../core/gateway-error';
import { type AbortReason, RequestContext } from '../core/request-context';
import type { ExchangeStage } from '../core/stage';
import { FanOut } from './fan-out';
import { Listener } from './listener';

/**
 * One exchange with a provider for all clients that ask the same. It belongs to none of them: it goes on while anybody
 * listens, and is aborted when the last one has left.
 */
export class Flight {
  /** The request as the provider's side sees it. Its client is everybody. */
  readonly #context: RequestContext;
  readonly #fanOut: FanOut;
  readonly #onEnd: (flight: Flight) => void;
  #hasEnded = false;

  /**
   * @param first The client that asks first.
   * @param onEnd Called once, when the answer is complete or nobody wants it any more.
   */
  constructor(first: RequestContext, maxKeptBytes: number, onEnd: (flight: Flight) => void) {
    this.#onEnd = onEnd;
    this.#fanOut = new FanOut(
      maxKeptBytes,
      (listener) => {
        // As for any client that does not read.
        listener.context.abort('client_gone');
      },
      () => {
        this.#end();
      },
    );
    const context = new RequestContext(first.origin, first.request, this.#fanOut, first.clock);
    context.tenant = first.tenant;
    context.body = first.body;
    context.stream = first.stream;
    context.targets = first.targets;
    context.target = first.target;
    context.trace = first.trace;
    this.#context = context;
  }

  /** Its answer, where it may be given again: whole, of status 200, and not too long. */
  get answer(): Buffer | undefined {
    const { status, errorSource, outcome } = this.#context;
    const isGood = status === 200 && errorSource === 'none' && outcome === 'finished';
    return isGood ? this.#fanOut.body : undefined;
  }

  /** Somebody who comes now still gets the beginning. */
  get isOpen(): boolean {
    return !this.#hasEnded && this.#fanOut.isComplete;
  }

  /** Asks the provider. Those who listen are told how it ends, also where it cannot begin. */
  begin(exchange: ExchangeStage): void {
    try {
      exchange(this.#context);
    } catch (error) {
      this.#context.fail(asGatewayError(error));
    }
  }

  join(client: RequestContext): void {
    const listener = new Listener(client, this.#context);
    // The parsed body has done its work; a stream of minutes must not keep it alive.
    client.body = undefined;
    client.onAbort = (reason) => {
      this.#leave(listener, reason);
    };
    client.waits.begin(client.clock());
    this.#fanOut.add(listener);
  }

  #leave(listener: Listener, reason: AbortReason): void {
    this.#fanOut.remove(listener);
    if (!this.#fanOut.isEmpty || this.#hasEnded) return;
    // Billed to the one who left last.
    this.#context.abort(reason);
    listener.context.carries(this.#context);
  }

  #end(): void {
    this.#hasEnded = true;
    // What the provider bills is billed once. All of them are of one tenant.
    this.#fanOut.first?.context.carries(this.#context);
    this.#onEnd(this);
  }
}

import type { UpstreamCall, UpstreamHandler } from '../../core/upstream';
import type { RequestText } from './request-text';

/** The connection, as far as a call needs it. */
export interface Carrier {
  resume(call: Call): void;
  abort(call: Call): void;
}

/** One request, on whichever connection it is. */
export class Call implements UpstreamCall {
  connection: Carrier | undefined;
  /** It was moved to a new connection once. */
  moved = false;
  isSent = false;
  #aborted = false;

  constructor(
    readonly handler: UpstreamHandler,
    readonly request: RequestText,
  ) {}

  get aborted(): boolean {
    return this.#aborted;
  }

  resume(): void {
    this.connection?.resume(this);
  }

  abort(): void {
    this.#aborted = true;
    this.connection?.abort(this);
  }
}

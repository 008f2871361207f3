import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamFailure } from '../../../gateway-app/contract/metrics';
import type {
  UpstreamCall,
  UpstreamClient,
  UpstreamHandler,
  UpstreamRequest,
} from '../../../gateway-app/src/core/upstream';

export const request: UpstreamRequest = {
  path: '/v1/chat/completions',
  headers: { 'content-type': 'application/json' },
  body: '{"model":"m"}',
};

type Event = 'headers' | 'data' | 'end' | 'error';

/** One call and all that its handler heard. */
export class Recording implements UpstreamHandler {
  readonly events: Event[] = [];
  readonly chunks: Buffer[] = [];
  status: number | undefined;
  headers: IncomingHttpHeaders = {};
  failure: UpstreamFailure | undefined;
  cause: Error | undefined;
  /** The call has ended, well or not. */
  readonly over: Promise<void>;
  readonly call: UpstreamCall;
  #over: (() => void) | undefined;
  #started = false;

  /** @param onEvent Called after each event was recorded. For `data`, false pauses. */
  constructor(
    client: UpstreamClient,
    sent: UpstreamRequest = request,
    private readonly onEvent: (event: Event, recording: Recording) => boolean = () => true,
  ) {
    this.over = new Promise((resolve) => (this.#over = resolve));
    this.call = client.start(sent, this);
    this.#started = true;
  }

  get body(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }

  /** How it ended, for one `expect`. */
  get outcome(): object {
    const { status, body, failure } = this;
    if (failure === undefined) return { status, body };
    return status === undefined ? { failure } : { failure, status, body };
  }

  onHeaders(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
    this.#record('headers');
  }

  onData(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    return this.#record('data');
  }

  onEnd(): void {
    this.#record('end');
    this.#over?.();
  }

  onError(failure: UpstreamFailure, cause: Error): void {
    this.failure = failure;
    this.cause = cause;
    this.#record('error');
    this.#over?.();
  }

  #record(event: Event): boolean {
    if (!this.#started) throw new Error(`${event} came before start had returned`);
    const last = this.events.at(-1);
    const first = last === undefined;
    const wrong =
      last === 'end' || last === 'error' || (event === 'headers' ? !first : event !== 'error' && first);
    if (wrong) throw new Error(`${event} came after ${this.events.join(', ') || 'nothing'}`);
    this.events.push(event);
    return this.onEvent(event, this);
  }
}

/** Posts and resolves once the call has ended. */
export async function post(client: UpstreamClient, sent?: UpstreamRequest): Promise<Recording> {
  const recording = new Recording(client, sent);
  await recording.over;
  return recording;
}

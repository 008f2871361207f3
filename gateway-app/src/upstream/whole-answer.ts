import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerTranslation, AnswerUsage } from '../core/answer';
import { unreadableErrorBody } from '../core/error-body';
import { GatewayError } from '../core/gateway-error';
import type { RequestContext } from '../core/request-context';
import { isType } from './answer-kind';
import type { AnswerSink } from './answer-sink';

/** Headers of a provider's answer that concern the client. All others speak of the gateway's own account there. */
const passedOnHeaders = ['retry-after', 'retry-after-ms', 'x-should-retry'];

const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * An answer that is passed on when it is whole, in one write. One that breaks off on the way is thus a clean error, and
 * never JSON that ends in the middle.
 */
export class WholeAnswer implements AnswerSink {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #used: AnswerUsage | undefined;

  constructor(
    private readonly context: RequestContext,
    private readonly translation: AnswerTranslation,
    private readonly status: number,
    private readonly headers: IncomingHttpHeaders,
    private readonly maxBytes: number,
  ) {}

  get used(): AnswerUsage | undefined {
    return this.#used;
  }

  data(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.maxBytes) throw invalid(`an answer of more than ${this.maxBytes} bytes`);
    this.#chunks.push(chunk);
    return true;
  }

  end(): void {
    const [only = Buffer.alloc(0)] = this.#chunks;
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : only;
    if (this.status === 200) {
      if (!this.#isObject(body)) throw invalid('a body that is not a JSON object');
      const answer = this.translation.whole(body);
      this.#used = answer;
      this.context.answer(200, 'application/json', answer.body);
      return;
    }
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    for (const name of passedOnHeaders) {
      const value = this.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    const readable = isType(this.headers, 'application/json') && this.#isObject(body);
    const answer = readable
      ? this.translation.error(this.status, body)
      : { status: this.status, body: unreadableErrorBody(this.context.origin.dialect, this.status) };
    this.context.passOnError(answer.status, headers, answer.body);
  }

  cut(cause: Error): void {
    this.context.fail(new GatewayError('provider_invalid_response', { cause }), 'cut');
  }

  /** Where only the end of the connection says that the body is whole, one that broke off would look the same. */
  #isObject(body: Buffer): boolean {
    const isFramed =
      this.headers['content-length'] !== undefined || this.headers['transfer-encoding'] !== undefined;
    return looksLikeObject(body) && (isFramed || isJson(body));
  }
}

/** Tells JSON from the error page of a proxy in between. Parsing every answer in full would cost a tenth of all time. */
function looksLikeObject(body: Buffer): boolean {
  let first = 0;
  let last = body.length - 1;
  while (isBlank(body[first])) first += 1;
  while (isBlank(body[last])) last -= 1;
  return first < last && body[first] === openingBrace && body[last] === closingBrace;
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function invalid(what: string): GatewayError {
  return new GatewayError('provider_invalid_response', { cause: `the provider sent ${what}` });
}

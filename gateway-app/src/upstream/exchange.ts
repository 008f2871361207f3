import type { IncomingHttpHeaders } from 'node:http';
import type { RetryReason, StreamOutcome, UpstreamFailure } from '../../contract/metrics';
import type { AnswerTranslation } from '../core/answer';
import { ConnectionLost } from '../core/connection-lost';
import { asGatewayError, GatewayError } from '../core/gateway-error';
import type { ProviderCall } from '../core/provider-call';
import type { RequestContext } from '../core/request-context';
import { addTrace } from '../core/trace-context';
import type { UpstreamCall, UpstreamHandler } from '../core/upstream';
import type { UpstreamRecord } from '../core/upstream-record';
import { settledUsage } from '../core/usage';
import { answerKind } from './answer-kind';
import { reasonOf, retryAfterMsOf, type AttemptFailure } from './attempt-failure';
import type { Pass, Verdict } from './breaker';
import { Deadlines } from './deadlines';
import type { Endpoint } from './endpoints';
import { StreamedAnswer } from './streamed-answer';
import { WholeAnswer } from './whole-answer';

/** An answer that is not streamed is held in memory until it is whole. */
const maxWholeAnswerBytes = 16 * 1024 * 1024;

/** A provider that ends its answer within this time of the last event leaves its connection for another request. */
const maxLingerMs = 1_000;

/** A target that may be asked, and how. */
export interface Admitted {
  readonly endpoint: Endpoint;
  readonly pass: Pass;
  readonly call: ProviderCall;
}

/** Whoever makes the attempts at a request. */
export interface ExchangeOwner {
  readonly context: RequestContext;
  readonly promptTokens: number;
  /** When all attempts together must have ended. */
  readonly totalAtMs: number;
  /** The attempt brings an answer of status 200. From a stream on, the client has been sent something. */
  answers(exchange: Exchange, isStream: boolean): void;
  /** The attempt has failed. True: another goes on, and the client must not hear of it. */
  goesOn(exchange: Exchange, failure: AttemptFailure): boolean;
}

/**
 * One attempt at a provider, from the first byte sent to the last received. It ends once: by the provider, by a deadline,
 * or by an abort from the client's side. Whoever ends it, the others hear nothing afterwards.
 */
export class Exchange implements UpstreamHandler {
  readonly endpoint: Endpoint;
  readonly record: UpstreamRecord;
  private readonly context: RequestContext;
  readonly #call: UpstreamCall;
  readonly #answer: AnswerTranslation;
  readonly #deadlines: Deadlines;
  readonly #pass: Pass;
  #sink: StreamedAnswer | WholeAnswer | undefined;
  #retryAfterMs: number | undefined;
  #awaitsFirstToken = true;
  #held = false;
  #ended = false;
  #reported = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(
    private readonly owner: ExchangeOwner,
    { endpoint, pass, call }: Admitted,
  ) {
    const { context } = owner;
    this.context = context;
    this.endpoint = endpoint;
    this.#answer = call.answer;
    this.#pass = pass;
    const now = context.clock();
    const spanId = addTrace(call.request.headers, context.trace, context.request.headers);
    // First: where it throws, neither a timer nor the context may know of an exchange that has not begun.
    this.#call = endpoint.provider.client.start(call.request, this);
    this.record = { target: endpoint.target, startedMs: now, spanId };
    context.attemptBegins(this.record);
    this.#deadlines = new Deadlines(endpoint.provider.deadlines, owner.totalAtMs, context.clock, () => {
      this.expire();
    });
    context.waits.begin(now);
  }

  onHeaders(status: number, headers: IncomingHttpHeaders): void {
    this.#guarded((now) => {
      this.record.result = status;
      if (status >= 400) this.#retryAfterMs = retryAfterMsOf(headers);
      const kind = answerKind(status, headers, this.context.stream);
      this.#deadlines.headersArrived(now, kind === 'stream');
      if (kind !== 'error') this.owner.answers(this, kind === 'stream');
      if (kind === 'stream') {
        this.#sink = new StreamedAnswer(this.context, this.#answer.stream());
        this.context.response.onDrain(() => {
          this.#release();
        });
      } else {
        this.#sink = new WholeAnswer(this.context, this.#answer, status, headers, maxWholeAnswerBytes);
      }
    });
  }

  onData(chunk: Buffer): boolean {
    this.#guarded((now) => {
      this.record.firstBytesMs ??= now;
      this.#deadlines.chunkArrived(now);
      const sink = this.#sink;
      const takesMore = sink?.data(chunk) !== false;
      if (this.#awaitsFirstToken && (sink?.used?.outputBytes ?? 0) > 0) {
        this.#awaitsFirstToken = false;
        this.#deadlines.firstTokenArrived();
      }
      if (sink instanceof StreamedAnswer && sink.isOver) {
        this.#conclude(now);
        this.#lingering = setTimeout(() => {
          this.#call.abort();
        }, maxLingerMs);
      } else if (!takesMore) {
        this.#held = true;
        this.#deadlines.pause();
      }
    });
    return !this.#held;
  }

  onEnd(): void {
    clearTimeout(this.#lingering);
    this.#guarded((now) => {
      this.#conclude(now);
    });
  }

  onError(failure: UpstreamFailure, cause: Error): void {
    clearTimeout(this.#lingering);
    this.#guarded((now) => {
      this.#end(now);
      const sink = this.#sink;
      if (sink instanceof StreamedAnswer) {
        this.#report(sink.isWhole ? 'success' : 'failure');
        sink.cut(cause);
        return;
      }
      // A status that was answered says more than how the rest of the exchange went.
      this.record.result ??= failure;
      const code = failure === 'connect_error' ? 'provider_unreachable' : 'provider_invalid_response';
      const reason =
        sink === undefined ? reasonBefore(failure, cause) : this.#reasonWithin('connection_lost');
      this.#fail(new GatewayError(code, { cause }), reason, sink === undefined ? 'finished' : 'cut');
    });
  }

  /** A deadline has passed. */
  expire(): void {
    if (this.#held) {
      // It is the client that did not read for so long.
      this.context.abort('client_gone');
      return;
    }
    this.#stop('timeout', 'failure');
    this.#fail(new GatewayError('provider_timeout'), this.#reasonWithin('timeout'), 'timed_out');
  }

  /** Ends it at once. It tells the client nothing. */
  abort(): void {
    if (!this.#ended) this.#stop('aborted', 'neutral');
  }

  /** Runs a step that the provider caused. Its time counts as the gateway's own, the time around it as waiting. */
  #guarded(step: (nowMs: number) => void): void {
    if (this.#ended) return;
    const { waits, clock } = this.context;
    const now = clock();
    waits.end(now);
    try {
      step(now);
    } catch (thrown) {
      const error = asGatewayError(thrown);
      const reason = reasonWhy(error);
      this.#stop('invalid_response', reason === 'invalid_response' ? 'failure' : 'neutral');
      this.#fail(error, reason, this.context.streamed ? 'cut' : 'finished');
    }
    waits.begin(clock());
  }

  /** The client takes bytes again. */
  #release(): void {
    if (!this.#held || this.#ended) return;
    this.#held = false;
    this.#deadlines.resume(this.context.clock());
    this.#call.resume();
  }

  /** The provider has said all. */
  #conclude(nowMs: number): void {
    this.#end(nowMs);
    const { result } = this.record;
    if (typeof result === 'number' && result !== 200) {
      const reason = reasonOf(result);
      this.#report(verdictOn(reason));
      if (!this.#goesOn(reason)) this.#sink?.end();
      return;
    }
    const sink = this.#sink;
    sink?.end();
    this.#report(sink instanceof StreamedAnswer && !sink.isWhole ? 'failure' : 'success');
  }

  /** The client hears of the failure, unless another attempt takes this one's place. */
  #fail(error: GatewayError, reason: RetryReason | undefined, outcome: StreamOutcome): void {
    this.#report(verdictOn(reason));
    if (!this.#goesOn(reason)) this.context.fail(error, outcome);
  }

  #goesOn(reason: RetryReason | undefined): boolean {
    return this.owner.goesOn(this, { reason, retryAfterMs: this.#retryAfterMs });
  }

  /** Of a failure after the head of the answer: an error status has said already why. */
  #reasonWithin(otherwise: RetryReason): RetryReason | undefined {
    const { result } = this.record;
    return typeof result === 'number' && result !== 200 ? reasonOf(result) : otherwise;
  }

  #stop(failure: UpstreamFailure, verdict: Verdict): void {
    this.record.result ??= failure;
    this.#end(this.context.clock());
    this.#call.abort();
    this.#report(verdict);
  }

  /** Tells the bill and the breaker, once, how it went. */
  #report(verdict: Verdict): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#settleUsage();
    this.endpoint.breaker.leave(this.#pass, verdict, this.context.clock());
  }

  /** What the provider bills, also for an answer that the client never got. It bills no error. */
  #settleUsage(): void {
    const { record } = this;
    const { result } = record;
    if (!this.#call.isSent || result === 'connect_error' || (typeof result === 'number' && result !== 200))
      return;
    const { usage = {}, outputBytes = 0 } = this.#sink?.used ?? {};
    record.usage = settledUsage(usage, this.owner.promptTokens, outputBytes);
  }

  #end(nowMs: number): void {
    this.#ended = true;
    this.record.endedMs = nowMs;
    this.#deadlines.stop();
  }
}

/** Why an attempt failed before the head of its answer. */
function reasonBefore(failure: UpstreamFailure, cause: Error): RetryReason {
  if (failure === 'connect_error') return 'connect_error';
  return cause instanceof ConnectionLost ? 'connection_lost' : 'invalid_response';
}

/** Why it failed where an answer was found unfit. Undefined: the fault is the gateway's own. */
function reasonWhy({ code }: GatewayError): RetryReason | undefined {
  if (code === 'provider_credentials_rejected') return 'credentials_rejected';
  return code === 'internal_error' ? undefined : 'invalid_response';
}

/** A limit and a refused key say nothing of the target's health, and an answer to a wrong request says that it is well. */
function verdictOn(reason: RetryReason | undefined): Verdict {
  if (reason === undefined) return 'success';
  return reason === 'rate_limited' || reason === 'credentials_rejected' ? 'neutral' : 'failure';
}

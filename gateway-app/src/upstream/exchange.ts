import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamFailure } from '../../contract/metrics';
import type { AnswerTranslation } from '../core/answer';
import { asGatewayError, GatewayError } from '../core/gateway-error';
import type { ProviderCall } from '../core/provider-call';
import type { RequestContext, UpstreamRecord } from '../core/request-context';
import type { Timings } from '../core/timings';
import type { UpstreamCall, UpstreamClient, UpstreamHandler } from '../core/upstream';
import { settledUsage } from '../core/usage';
import { answerKind } from './answer-kind';
import type { AnswerSink } from './answer-sink';
import { Deadlines } from './deadlines';
import { StreamedAnswer } from './streamed-answer';
import { WholeAnswer } from './whole-answer';

/** An answer that is not streamed is held in memory until it is whole. */
const maxWholeAnswerBytes = 16 * 1024 * 1024;

/** A provider that ends its answer within this time of the last event leaves its connection for another request. */
const maxLingerMs = 1_000;

/**
 * One request at a provider, from the first byte sent to the last received. It ends once: by the provider, by a deadline,
 * or by an abort from the client's side. Whoever ends it, the others hear nothing afterwards.
 */
export class Exchange implements UpstreamHandler {
  readonly #call: UpstreamCall;
  readonly #answer: AnswerTranslation;
  readonly #deadlines: Deadlines;
  readonly #record: UpstreamRecord;
  #sink: AnswerSink | undefined;
  #awaitsFirstToken = true;
  #held = false;
  #ended = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: RequestContext,
    client: UpstreamClient,
    { request, answer }: ProviderCall,
    private readonly promptTokens: number,
    deadlines: Timings['upstream'],
  ) {
    this.#answer = answer;
    const now = context.clock();
    // First: where it throws, neither a timer nor the context may know of an exchange that has not begun.
    this.#call = client.start(request, this);
    this.#record = { startedMs: now };
    context.upstream = this.#record;
    context.onAbort = (reason) => {
      if (reason === 'deadline') this.#expired();
      else this.#stop('aborted');
    };
    this.#deadlines = new Deadlines(deadlines, context.clock, () => {
      this.#expired();
    });
    context.response.onDrain(() => {
      this.#release();
    });
    context.waits.begin(now);
  }

  onHeaders(status: number, headers: IncomingHttpHeaders): void {
    this.#guarded((now) => {
      this.#record.result = status;
      const kind = answerKind(status, headers, this.context.stream);
      this.#deadlines.headersArrived(now, kind === 'stream');
      this.#sink =
        kind === 'stream'
          ? new StreamedAnswer(this.context, this.#answer.stream())
          : new WholeAnswer(this.context, this.#answer, status, headers, maxWholeAnswerBytes);
    });
  }

  onData(chunk: Buffer): boolean {
    this.#guarded((now) => {
      this.#record.firstBytesMs ??= now;
      this.#deadlines.chunkArrived(now);
      const takesMore = this.#sink?.data(chunk) !== false;
      if (this.#awaitsFirstToken && (this.#sink?.used?.outputBytes ?? 0) > 0) {
        this.#awaitsFirstToken = false;
        this.#deadlines.firstTokenArrived();
      }
      if (this.#sink instanceof StreamedAnswer && this.#sink.isOver) {
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
      if (this.#sink !== undefined) {
        this.#sink.cut(cause);
        this.#settleUsage();
        return;
      }
      this.#record.result = failure;
      this.#settleUsage();
      const code = failure === 'connect_error' ? 'provider_unreachable' : 'provider_invalid_response';
      this.context.fail(new GatewayError(code, { cause }));
    });
  }

  /** Runs a step that the provider caused. Its time counts as the gateway's own, the time around it as waiting. */
  #guarded(step: (nowMs: number) => void): void {
    if (this.#ended) return;
    const { waits, clock } = this.context;
    const now = clock();
    waits.end(now);
    try {
      step(now);
    } catch (error) {
      this.#stop('invalid_response');
      const outcome = this.context.streamed ? 'cut' : 'finished';
      this.context.fail(asGatewayError(error), outcome);
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

  #expired(): void {
    const { context } = this;
    if (this.#held) {
      // It is the client that did not read for so long.
      context.abort('client_gone');
    } else {
      this.#stop('timeout');
      context.fail(new GatewayError('provider_timeout'), 'timed_out');
    }
  }

  /** The provider has said all. */
  #conclude(nowMs: number): void {
    this.#end(nowMs);
    this.#sink?.end();
    this.#settleUsage();
  }

  #stop(failure: UpstreamFailure): void {
    // A status that was answered says more than how the rest of the exchange went.
    this.#record.result ??= failure;
    this.#end(this.context.clock());
    this.#call.abort();
    this.#settleUsage();
  }

  /** What the provider bills, also for an answer that the client never got. It bills no error. */
  #settleUsage(): void {
    const { result } = this.#record;
    if (!this.#call.isSent || result === 'connect_error' || (typeof result === 'number' && result !== 200))
      return;
    const { usage = {}, outputBytes = 0 } = this.#sink?.used ?? {};
    this.context.usage = settledUsage(usage, this.promptTokens, outputBytes);
  }

  #end(nowMs: number): void {
    this.#ended = true;
    this.#record.endedMs = nowMs;
    this.#deadlines.stop();
  }
}

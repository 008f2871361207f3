import type { HedgeResult, RetryReason } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { asGatewayError, GatewayError } from '../core/gateway-error';
import type { ClientCall } from '../core/provider-call';
import type { Random } from '../core/random';
import type { AbortReason, RequestContext } from '../core/request-context';
import type { Counter } from '../telemetry/series';
import { isUnbilled, type AttemptFailure } from './attempt-failure';
import type { Endpoint, Endpoints } from './endpoints';
import { Exchange, type Admitted, type ExchangeOwner } from './exchange';
import { TargetChoice } from './target-choice';
import type { TokenBudget } from './token-budget';

/** What the attempts at all requests share. */
export interface AttemptsParts {
  readonly endpoints: Endpoints;
  readonly retry: RuntimeConfig['routing']['retry'];
  readonly retryBudget: TokenBudget;
  readonly retryBudgetExhausted: Counter;
  readonly hedgeBudget: TokenBudget;
  /** Of all attempts at one request together. */
  readonly totalMs: number;
  readonly random: Random;
}

/** All attempts at one request: at one target after the other, and sometimes at two at once. */
export class Attempts implements ExchangeOwner {
  readonly promptTokens: number;
  readonly totalAtMs: number;
  readonly #choice: TargetChoice;
  /** Kept while another attempt may follow: a stream of minutes must not keep the parsed body alive. */
  #call: Omit<ClientCall, 'model'> | undefined;
  #begun = 0;
  #first: Exchange | undefined;
  #hedge: Exchange | undefined;
  /** Until a hedge is begun, or a retry. */
  #timer: NodeJS.Timeout | undefined;
  /** Waits for its time. */
  #next: Admitted | undefined;

  /** @param call What the client asks, whichever target it goes to. */
  constructor(
    readonly context: RequestContext,
    call: Omit<ClientCall, 'model'>,
    private readonly parts: AttemptsParts,
  ) {
    this.#call = call;
    this.#choice = new TargetChoice(context.targets, parts.endpoints);
    this.promptTokens = context.promptTokens;
    this.totalAtMs = context.startedMs + parts.totalMs;
  }

  /**
   * Makes the first attempt.
   *
   * @param hedgeAfterMs When a second target is asked beside a slow first one. Undefined: never.
   * @throws GatewayError where no target can be asked.
   */
  begin(hedgeAfterMs: number | undefined): void {
    const { context, parts } = this;
    const nowMs = context.clock();
    const first = this.#chosen(nowMs, nowMs);
    if (first instanceof GatewayError) throw first;
    parts.retryBudget.deposit();
    this.#first = this.#begin(first);
    context.onAbort = (reason) => {
      this.#abort(reason);
    };
    if (hedgeAfterMs === undefined) return;
    parts.hedgeBudget.deposit();
    this.#timer = setTimeout(() => {
      this.#beginHedge();
    }, hedgeAfterMs);
  }

  answers(exchange: Exchange, isStream: boolean): void {
    clearTimeout(this.#timer);
    if (isStream) this.#call = undefined;
    this.context.answersFrom(exchange.record);
    const hedge = this.#hedge;
    if (hedge === undefined) return;
    count(hedge.endpoint, exchange === hedge ? 'won' : 'lost');
    this.#hedge = undefined;
    if (exchange === hedge) {
      this.#first?.abort();
      this.#first = hedge;
    } else hedge.abort();
  }

  goesOn(exchange: Exchange, { reason, retryAfterMs }: AttemptFailure): boolean {
    const nowMs = this.context.clock();
    // Should no other one answer.
    this.context.answersFrom(exchange.record);
    const rival = this.#without(exchange);
    const { endpoint } = exchange;
    if (reason !== undefined) this.#remember(endpoint, reason, nowMs, retryAfterMs);
    if (rival !== undefined) {
      if (reason !== undefined) return true;
      // The fault is the client's: the other attempt would find the same.
      this.#endAll();
      return false;
    }
    clearTimeout(this.#timer);
    if (reason === undefined || !this.#mayRepeat(reason)) return false;
    const next = this.#chosen(nowMs, nowMs + this.parts.retry.maxRetryAfterMs);
    if (next instanceof GatewayError) return false;
    const waitMs = this.#waitMs(next, nowMs);
    if (nowMs + waitMs >= this.totalAtMs || !this.#affordsRetry()) {
      next.endpoint.breaker.leave(next.pass, 'neutral', nowMs);
      return false;
    }
    endpoint.retries.get(reason)?.increment();
    this.#next = next;
    if (waitMs === 0) this.#retry();
    else {
      this.#timer = setTimeout(() => {
        this.#retry();
      }, waitMs);
    }
    return true;
  }

  #chosen(nowMs: number, untilMs: number, besides?: Endpoint): Admitted | GatewayError {
    if (this.#call === undefined) throw new Error('asked after the answer has begun');
    return this.#choice.next(this.#call, nowMs, untilMs, besides?.target);
  }

  #begin(admitted: Admitted): Exchange {
    this.#begun += 1;
    try {
      return new Exchange(this, admitted);
    } catch (error) {
      admitted.endpoint.breaker.leave(admitted.pass, 'neutral', this.context.clock());
      throw error;
    }
  }

  #retry(): void {
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    try {
      this.#first = this.#begin(next);
    } catch (error) {
      this.context.fail(asGatewayError(error));
    }
  }

  #beginHedge(): void {
    const { context, parts } = this;
    if (this.#first === undefined || this.#begun >= parts.retry.maxAttempts) return;
    const nowMs = context.clock();
    const next = this.#chosen(nowMs, nowMs, this.#first.endpoint);
    if (next instanceof GatewayError) return;
    if (!parts.hedgeBudget.withdraw()) {
      next.endpoint.breaker.leave(next.pass, 'neutral', nowMs);
      count(next.endpoint, 'refused');
      return;
    }
    try {
      this.#hedge = this.#begin(next);
    } catch (error) {
      // The first one goes on.
      context.cause = error;
      count(next.endpoint, 'failed');
    }
  }

  /** @returns The other attempt that is under way. */
  #without(exchange: Exchange): Exchange | undefined {
    if (exchange !== this.#hedge) {
      this.#first = undefined;
      return this.#hedge;
    }
    this.#hedge = undefined;
    count(exchange.endpoint, 'failed');
    return this.#first;
  }

  #remember(endpoint: Endpoint, reason: RetryReason, nowMs: number, retryAfterMs = 0): void {
    const notBeforeMs = reason === 'credentials_rejected' ? Infinity : nowMs + retryAfterMs;
    this.#choice.hasFailed(endpoint.target, notBeforeMs);
    const { maxRetryAfterMs } = this.parts.retry;
    if (retryAfterMs > 0) endpoint.breaker.askToWait(nowMs + Math.min(retryAfterMs, maxRetryAfterMs));
  }

  #mayRepeat(reason: RetryReason): boolean {
    const { repeat, maxAttempts } = this.parts.retry;
    return (
      this.#call !== undefined &&
      this.#begun < maxAttempts &&
      (repeat === 'perhaps-billed' || isUnbilled(reason))
    );
  }

  #affordsRetry(): boolean {
    if (this.parts.retryBudget.withdraw()) return true;
    this.parts.retryBudgetExhausted.increment();
    return false;
  }

  /** Another target is asked at once. One that failed has its pause, and a random time so that not all come back at once. */
  #waitMs({ endpoint }: Admitted, nowMs: number): number {
    const { failures, notBeforeMs } = this.#choice.pastOf(endpoint.target);
    if (failures === 0) return 0;
    const { backoffBaseMs, backoffMaxMs } = this.parts.retry;
    const longestMs = Math.min(backoffMaxMs, backoffBaseMs * 2 ** (failures - 1));
    return Math.max(0, notBeforeMs - nowMs) + this.parts.random() * longestMs;
  }

  /** The client has left, the replica drains, or the gateway's own time for a request is up. */
  #abort(reason: AbortReason): void {
    // No other attempt may follow.
    this.#call = undefined;
    const { context } = this;
    const answering = this.#hedge === undefined ? this.#first : undefined;
    if (reason === 'deadline' && answering !== undefined) {
      this.#endAll(answering);
      answering.expire();
      return;
    }
    this.#endAll();
    if (reason === 'deadline') context.fail(new GatewayError('provider_timeout'), 'timed_out');
  }

  #endAll(except?: Exchange): void {
    clearTimeout(this.#timer);
    this.#next?.endpoint.breaker.leave(this.#next.pass, 'neutral', this.context.clock());
    this.#next = undefined;
    if (this.#hedge !== undefined) count(this.#hedge.endpoint, 'cancelled');
    for (const exchange of [this.#first, this.#hedge]) if (exchange !== except) exchange?.abort();
    this.#first = undefined;
    this.#hedge = undefined;
  }
}

function count({ hedges }: Endpoint, result: HedgeResult): void {
  hedges.get(result)?.increment();
}

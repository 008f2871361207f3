import {
  errorCodes,
  passedOnErrorCode,
  type Dialect,
  type ErrorCode,
  type ErrorSource,
} from '../../contract/error-codes';
import { headers } from '../../contract/headers';
import type { AuthenticationMethod, StreamOutcome } from '../../contract/metrics';
import type { RouteId } from '../../contract/paths';
import type { AnswerHeaders, ClientRequest, ClientResponse } from './client-exchange';
import type { Clock } from './clock';
import { errorBody, errorEvent } from './error-body';
import { GatewayError } from './gateway-error';
import type { Reservation } from './reservation';
import type { Target } from './targets';
import type { TraceContext } from './trace-context';
import type { JsonObject } from './upstream';
import { usageOf, type UpstreamRecord } from './upstream-record';
import { estimatedPromptTokens, type Usage } from './usage';
import { Waits } from './waits';

/** Who asks. */
export interface Tenant {
  readonly name: string;
  /** Names of the models it may use. Absent: all. */
  readonly models?: ReadonlySet<string>;
  /** By what it was recognized. */
  readonly identity: AuthenticationMethod;
  /** Beginning of the hash of the key or certificate that was sent: tells a tenant's apart, and opens nothing. */
  readonly keyId?: string;
  /** `sub` of the token that was sent, shortened: who it is within the tenant. */
  readonly subject?: string;
}

/** Why a request must end before its answer is complete. */
export type AbortReason = 'client_gone' | 'draining' | 'deadline';

export interface RequestOrigin {
  readonly id: string;
  readonly route: RouteId;
  readonly dialect: Dialect;
  /** Address of the peer of the connection; empty where it was gone before it was asked for. */
  readonly sourceIp: string;
}

/** A proxy that gathers or changes the bytes would take the stream's use away; nginx wants to be told by name. */
function streamHeaders(): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  };
}

const none: readonly UpstreamRecord[] = [];

/** One API request from its first header to its last byte. Stages read and fill it; completion reports it. */
export class RequestContext {
  readonly startedMs: number;
  readonly waits = new Waits();
  tenant: Tenant | undefined;
  body: JsonObject | undefined;
  /** The client asked for a stream. */
  stream = false;
  /** Where it may go, in the order in which to try. Empty until the model is found. */
  targets: readonly Target[] = [];
  /** Where the answer came from. Without one: where it went last; before that, where it would go first. */
  target: Target | undefined;
  /** In the order in which they began. */
  attempts: readonly UpstreamRecord[] = none;
  /** The attempt that answered; the last one where none did. */
  upstream: UpstreamRecord | undefined;
  /** What the limits hold for it; undefined where no limit does, and once it is settled. */
  reservation: Reservation | undefined;
  /** What every answer tells of limits and cache. */
  ownHeaders: AnswerHeaders | undefined;
  /** Its place in a trace. Undefined where none are made. */
  trace: TraceContext | undefined;
  /** Where its answer may be shared: the key by which the same request is known, and whether one in progress will do. */
  sharing: { readonly key: string; readonly joins: boolean } | undefined;
  /** It was spared its provider: by an earlier answer, or by another request's. */
  cached: 'hit' | 'joined' | undefined;
  /** The status sent; undefined where the client left before. */
  status: number | undefined;
  errorCode: ErrorCode | typeof passedOnErrorCode | undefined;
  errorSource: ErrorSource = 'none';
  outcome: StreamOutcome = 'finished';
  /** The answer was a stream, and its head was sent. */
  streamed = false;
  /** What failed inside. For the log only. */
  cause: unknown;
  /** From the first header to the end. 0 until {@link stopClock}. */
  durationMs = 0;
  /** The part of the duration in which nobody else was waited for. 0 until {@link stopClock}. */
  overheadMs = 0;
  /** Set while providers are asked, so that their side can be ended too. */
  onAbort: ((reason: AbortReason) => void) | undefined;
  #over = false;
  #promptTokens: number | undefined;

  constructor(
    readonly origin: RequestOrigin,
    readonly request: ClientRequest,
    readonly response: ClientResponse,
    readonly clock: Clock,
  ) {
    this.startedMs = clock();
  }

  /** The outcome is settled: nothing more may be done for this request. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Estimated from the body, once: a prompt of 10 MiB takes its time. Ask while the body is there. */
  get promptTokens(): number {
    this.#promptTokens ??= estimatedPromptTokens(this.body ?? {});
    return this.#promptTokens;
  }

  /** What the providers bill for all attempts together. Undefined where nothing was used. */
  get usage(): Usage | undefined {
    return usageOf(this.attempts);
  }

  attemptBegins(record: UpstreamRecord): void {
    this.attempts = this.attempts === none ? [record] : [...this.attempts, record];
    this.answersFrom(record);
  }

  answersFrom(record: UpstreamRecord): void {
    this.upstream = record;
    this.target = record.target;
  }

  /** Takes over what another request's exchange has cost, to be reported and billed with this one. */
  carries(other: RequestContext): void {
    this.attempts = other.attempts;
    this.upstream = other.upstream;
    this.target = other.target;
  }

  /** Ends with the whole answer that another request was given. */
  answerLike(
    other: RequestContext,
    status: number,
    answerHeaders: AnswerHeaders,
    body: string | Buffer,
  ): void {
    if (this.#over) return;
    this.#endsLike(other);
    this.#settle(status);
    this.response.answer(status, { ...answerHeaders, ...this.ownHeaders }, body);
    this.waits.begin(this.clock());
  }

  /** Ends a stream as another request's has ended; its last event is written already. */
  endLike(other: RequestContext): void {
    if (this.#over) return;
    this.#endsLike(other);
    this.#settle(other.status);
    this.response.end();
    this.waits.begin(this.clock());
  }

  #endsLike({ errorCode, errorSource, outcome, cause }: RequestContext): void {
    this.errorCode = errorCode;
    this.errorSource = errorSource;
    this.outcome = outcome;
    this.cause = cause;
  }

  /** A complete answer that is the gateway's own. */
  answer(status: number, contentType: string, body: string | Buffer): void {
    if (this.#over) return;
    this.#settle(status);
    this.response.answer(status, { 'content-type': contentType, ...this.ownHeaders }, body);
    this.waits.begin(this.clock());
  }

  /** A provider's error answer, passed on. */
  passOnError(status: number, answerHeaders: Record<string, string>, body: string | Buffer): void {
    if (this.#over) return;
    this.errorCode = passedOnErrorCode;
    this.errorSource = status === 429 || status >= 500 ? 'provider' : 'client';
    this.#settle(status);
    answerHeaders[headers.error] = `${passedOnErrorCode}; source=${this.errorSource}`;
    this.response.answer(status, Object.assign(answerHeaders, this.ownHeaders), body);
    this.waits.begin(this.clock());
  }

  /** The head of a stream. {@link finishStream} or {@link fail} ends it. */
  beginStream(): void {
    this.status = 200;
    this.streamed = true;
    this.response.begin(200, Object.assign(streamHeaders(), this.ownHeaders));
  }

  finishStream(): void {
    if (this.#over) return;
    this.#settle(200);
    this.response.end();
    this.waits.begin(this.clock());
  }

  /** Ends a stream whose last event is the provider's own error. */
  failedInStream(): void {
    if (this.#over) return;
    this.errorCode = passedOnErrorCode;
    this.errorSource = 'provider';
    this.outcome = 'cut';
    this.#settle(200);
    this.response.end();
  }

  /** Ends the request with an error: as an answer, or as the last event of a stream that has begun. */
  fail(error: GatewayError, outcome: StreamOutcome = 'finished'): void {
    if (this.#over) return;
    const { status, domain } = errorCodes[error.code];
    this.errorCode = error.code;
    this.errorSource = domain;
    this.outcome = outcome;
    this.cause = error.cause;
    const begun = this.response.hasBegun;
    this.#settle(begun ? this.status : status);
    if (begun) {
      this.response.write(errorEvent(this.origin.dialect, error));
      this.response.end();
    } else this.#answerError(error, status);
    this.waits.begin(this.clock());
  }

  #answerError(error: GatewayError, status: number): void {
    const answerHeaders: Record<string, string> = {
      'content-type': 'application/json',
      [headers.error]: `${error.code}; source=${this.errorSource}`,
      ...this.ownHeaders,
    };
    if (error.retryAfterMs !== undefined) {
      answerHeaders[headers.retryAfter] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    }
    if (error.allow !== undefined) answerHeaders['allow'] = error.allow;
    this.response.answer(status, answerHeaders, errorBody(this.origin.dialect, error));
  }

  /** Ends the request early, with the provider's side first: what nobody reads must not be paid for. */
  abort(reason: AbortReason): void {
    if (this.#over) {
      this.#answerNotTaken(reason);
      return;
    }
    this.onAbort?.(reason);
    if (this.#isSettled()) return;
    if (reason === 'draining') this.fail(new GatewayError('draining'), 'drained');
    else if (reason === 'deadline' && !this.response.hasBegun) {
      this.fail(new GatewayError('request_timeout'), 'timed_out');
    } else this.#clientGone();
  }

  /** The answer is complete here, and the client has not taken it all. */
  #answerNotTaken(reason: AbortReason): void {
    if (this.errorSource === 'none') {
      this.outcome = 'client_gone';
      this.errorSource = 'client';
    }
    // Else a client that never reads would hold its answer in memory for ever.
    if (reason !== 'client_gone') this.response.destroy();
  }

  /** Fixes the times of the request, so that all that report it say the same. */
  stopClock(): void {
    const nowMs = this.clock();
    this.waits.end(nowMs);
    this.durationMs = nowMs - this.startedMs;
    this.overheadMs = this.durationMs - this.waits.totalMs;
  }

  #clientGone(): void {
    this.outcome = 'client_gone';
    this.errorSource = 'client';
    this.#settle(this.status);
    this.response.destroy();
  }

  #settle(status: number | undefined): void {
    this.#over = true;
    this.onAbort = undefined;
    this.status = status;
  }

  /** A call, because `onAbort` may have changed what the compiler believes to know. */
  #isSettled(): boolean {
    return this.#over;
  }
}

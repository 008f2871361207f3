import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { headers } from '../../contract/headers';

/** A request's place in a trace. See https://www.w3.org/TR/trace-context/. */
export interface TraceContext {
  readonly traceId: string;
  /** The request's own span. */
  readonly spanId: string;
  /** The client's span. Undefined where the trace begins here. */
  readonly parentSpanId: string | undefined;
  readonly sampled: boolean;
  /** The tracestate that came along, passed on as it is. */
  readonly state: string | undefined;
}

/** What came with a request. */
interface Parent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

/** A later version may append fields to those of version 00, which may not. */
const wellFormed = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const noTrace = '0'.repeat(32);
const noSpan = '0'.repeat(16);

/** Longer than what every participant must pass on; a client must not make the gateway carry more to the providers. */
const maxStateCharacters = 512;
const stateCharacters = /^[\x20-\x7e]*$/;

/** The client's trace, where it sent one. A malformed header counts as none, as the standard demands. */
function parentOf(sent: IncomingHttpHeaders): Parent | undefined {
  const value = sent[headers.traceParent];
  if (typeof value !== 'string') return undefined;
  const [, version, traceId = noTrace, spanId = noSpan, flags = '00', rest] = wellFormed.exec(value) ?? [];
  if (traceId === noTrace || spanId === noSpan) return undefined;
  if (version === '00' && rest !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/**
 * Begins the span of a request.
 *
 * @param isSampled Decides for a trace that begins here; one that came with the request keeps its decision.
 */
export function beginTrace(sent: IncomingHttpHeaders, isSampled: (traceId: string) => boolean): TraceContext {
  const parent = parentOf(sent);
  if (parent === undefined) {
    const traceId = newId(16);
    const sampled = isSampled(traceId);
    return { traceId, spanId: newId(8), parentSpanId: undefined, sampled, state: undefined };
  }
  return {
    traceId: parent.traceId,
    spanId: newId(8),
    parentSpanId: parent.spanId,
    sampled: parent.sampled,
    state: stateOf(sent),
  };
}

/**
 * Tells a provider of the trace, in the headers that it is sent. Without a trace of the gateway's own, the client's is passed on
 * as it came.
 *
 * @returns The id of the attempt's own span; undefined without a trace of the gateway's own.
 */
export function addTrace(
  to: Record<string, string>,
  trace: TraceContext | undefined,
  sent: IncomingHttpHeaders,
): string | undefined {
  if (trace === undefined) {
    if (sent[headers.traceParent] !== undefined && parentOf(sent) !== undefined) {
      to[headers.traceParent] = String(sent[headers.traceParent]);
      addState(to, stateOf(sent));
    }
    return undefined;
  }
  const spanId = newId(8);
  to[headers.traceParent] = `00-${trace.traceId}-${spanId}-${trace.sampled ? '01' : '00'}`;
  addState(to, trace.state);
  return spanId;
}

function addState(to: Record<string, string>, state: string | undefined): void {
  if (state !== undefined) to[headers.traceState] = state;
}

function stateOf(sent: IncomingHttpHeaders): string | undefined {
  const state = sent[headers.traceState];
  if (typeof state !== 'string' || state === '' || state.length > maxStateCharacters) return undefined;
  return stateCharacters.test(state) ? state : undefined;
}

function newId(bytes: 8 | 16): string {
  for (;;) {
    const id = randomBytes(bytes).toString('hex');
    // All zeros mean that there is none.
    if (/[^0]/.test(id)) return id;
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../core/gateway-error';

/** What the head of a provider's answer promises. */
export type AnswerKind = 'stream' | 'json' | 'error';

/**
 * Judges the head of an answer.
 *
 * @throws GatewayError where no client could make sense of it, or where the refusal concerns the gateway and not the client.
 */
export function answerKind(status: number, headers: IncomingHttpHeaders, stream: boolean): AnswerKind {
  if (status === 401 || status === 403) {
    throw new GatewayError('provider_credentials_rejected', { cause: `the provider answered ${status}` });
  }
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding !== 'identity') throw unexpected(`content encoding ${encoding}`);
  if (status >= 400) return 'error';
  if (status !== 200) throw unexpected(`status ${status}`);
  const expected = stream ? 'text/event-stream' : 'application/json';
  if (!isType(headers, expected)) {
    throw unexpected(`content type ${headers['content-type'] ?? '(none)'} in place of ${expected}`);
  }
  return stream ? 'stream' : 'json';
}

export function isType(headers: IncomingHttpHeaders, type: string): boolean {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === type;
}

function unexpected(what: string): GatewayError {
  return new GatewayError('provider_invalid_response', { cause: `the provider answered with ${what}` });
}

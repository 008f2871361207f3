import type { ErrorAnswer } from '../../core/answer';
import type { JsonObject } from '../../core/upstream';
import { asObject, asText, parseObject } from '../json';

const types: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
]);

/** An error answer of OpenAI in Anthropic's shape. */
export function anthropicErrorAnswer(status: number, body: Buffer): ErrorAnswer {
  const type = types.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { status, body: anthropicError(parseObject(body.toString('utf8')) ?? {}, type) };
}

/** OpenAI's error object, of an answer or an event, in Anthropic's shape. */
export function anthropicError(body: JsonObject, type: string): string {
  // Compatible servers write it as an object, as a text, or as the body itself.
  const error = asObject(body['error']);
  const text = asText(error?.['message']) ?? asText(body['error']) ?? asText(body['message']);
  return JSON.stringify({
    type: 'error',
    error: { type, message: text ?? 'The provider answered with an error and no message.' },
  });
}

import type { ErrorAnswer } from '../../core/answer';
import type { JsonObject } from '../../core/upstream';
import { asObject, asText, parseObject } from '../json';

/** Anthropic's status for an overloaded provider. OpenAI says it by the standard one, which proxies know too. */
const overloadedStatus = 529;

const types: ReadonlyMap<string, string> = new Map([
  ['invalid_request_error', 'invalid_request_error'],
  ['authentication_error', 'invalid_request_error'],
  ['billing_error', 'insufficient_quota'],
  ['permission_error', 'invalid_request_error'],
  ['not_found_error', 'invalid_request_error'],
  ['request_too_large', 'invalid_request_error'],
  ['rate_limit_error', 'rate_limit_error'],
  ['timeout_error', 'server_error'],
  ['api_error', 'server_error'],
  ['overloaded_error', 'server_error'],
]);

/** An error answer of Anthropic in OpenAI's shape. */
export function openAiErrorAnswer(status: number, body: Buffer): ErrorAnswer {
  return {
    status: status === overloadedStatus ? 503 : status,
    body: openAiError(parseObject(body.toString('utf8')) ?? {}),
  };
}

/** Anthropic's error object, of an answer or an event, in OpenAI's shape. Its own type stays readable as the code. */
export function openAiError(body: JsonObject): string {
  const error = asObject(body['error']);
  const type = asText(error?.['type']);
  return JSON.stringify({
    error: {
      message: asText(error?.['message']) ?? 'The provider answered with an error and no message.',
      type: (type === undefined ? undefined : types.get(type)) ?? 'server_error',
      param: null,
      code: type ?? null,
    },
  });
}

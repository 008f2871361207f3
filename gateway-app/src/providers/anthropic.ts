import type { AnthropicProviderConfig } from '../../contract/runtime-config';
import type { ClientCall, Translate } from '../core/provider-call';
import { asksForUsage, messagesRequest } from './chat-to-messages/request';
import { chatAnswer } from './chat-to-messages/translation';
import { passedAnswers } from './passed-answer';
import { requestHeaders } from './request-headers';
import { serialize } from './serialize';
import { unsupportedOperation } from './unsupported';

const versionHeader = 'anthropic-version';
const betaHeader = 'anthropic-beta';
const wellFormedVersion = /^\d{4}-\d{2}-\d{2}$/;
const wellFormedBeta = /^[\w.,: -]{1,1024}$/;

/**
 * Asks Anthropic. A message is passed on as it is, unknown fields included; a chat completion is translated.
 *
 * @param apiKey Read for each request, so that a rotated key is used at once. Undefined: no credentials are sent.
 */
export function anthropicTranslation(
  { baseUrl, version, defaultMaxTokens }: AnthropicProviderConfig,
  apiKey: () => string | undefined,
): Translate {
  const path = `${new URL(baseUrl).pathname.replace(/\/+$/, '')}/v1/messages`;
  const headers = (call: ClientCall): Record<string, string> => {
    const result = requestHeaders(call.stream);
    const key = apiKey();
    if (key !== undefined) result['x-api-key'] = key;
    result[versionHeader] = version;
    return result;
  };
  return (call) => {
    const { operation, body, model } = call;
    switch (operation) {
      case 'messages': {
        const request = {
          path,
          headers: ownHeaders(call, headers(call)),
          body: serialize({ ...body, model }),
        };
        return { request, answer: passedAnswers.messages };
      }
      case 'chat_completions': {
        const translated = serialize(messagesRequest(body, model, defaultMaxTokens));
        return {
          request: { path, headers: headers(call), body: translated },
          answer: chatAnswer(asksForUsage(body)),
        };
      }
      default:
        return unsupportedOperation(operation, 'anthropic');
    }
  };
}

/** The client wrote its body for a version of the API and for betas: without them the body means something else. */
function ownHeaders(call: ClientCall, headers: Record<string, string>): Record<string, string> {
  const { [versionHeader]: version, [betaHeader]: beta } = call.headers;
  if (typeof version === 'string' && wellFormedVersion.test(version)) headers[versionHeader] = version;
  if (typeof beta === 'string' && wellFormedBeta.test(beta)) headers[betaHeader] = beta;
  return headers;
}

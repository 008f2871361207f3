import type { OpenAiProviderConfig } from '../../contract/runtime-config';
import type { Translate } from '../core/upstream';
import { serialize } from './serialize';

/**
 * Writes chat completions for a server that speaks OpenAI's API.
 *
 * Headers are written anew and none of the client's is copied, so its credentials, and what it says about its own
 * connection, cannot reach the provider. The body is written from what was parsed: of two equal keys the provider sees
 * the one that the gateway saw.
 *
 * @param apiKey Read for each request, so that a rotated key is used at once. Undefined: no credentials are sent.
 */
export function openAiTranslation(
  { baseUrl }: OpenAiProviderConfig,
  apiKey: () => string | undefined,
): Translate {
  const path = `${new URL(baseUrl).pathname.replace(/\/+$/, '')}/chat/completions`;
  return (body, model, stream) => {
    const key = apiKey();
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      accept: stream ? 'text/event-stream' : 'application/json',
      // A compressed stream would hide where its events end.
      'accept-encoding': 'identity',
      'user-agent': 'cdk8s-ai-gateway',
    };
    if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
    return { path, headers, body: serialize({ ...body, model }) };
  };
}

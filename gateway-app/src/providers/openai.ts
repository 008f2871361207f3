import type { OpenAiProviderConfig } from '../../contract/runtime-config';
import type { Translate } from '../core/provider-call';
import { openAiDialect, openAiPaths } from './openai-dialect';
import { requestHeaders } from './request-headers';

/**
 * Asks OpenAI, or any server that speaks its API.
 *
 * @param apiKey Read for each request, so that a rotated key is used at once. Undefined: no credentials are sent.
 */
export function openAiTranslation(
  { baseUrl, streamUsage, maxTokensField }: OpenAiProviderConfig,
  apiKey: () => string | undefined,
): Translate {
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, '');
  return openAiDialect({
    maxTokensField,
    reportsStreamUsage: streamUsage === 'request',
    path: (operation) => prefix + openAiPaths[operation],
    headers: (stream) => {
      const headers = requestHeaders(stream);
      const key = apiKey();
      if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
      return headers;
    },
  });
}

import type { AzureOpenAiProviderConfig } from '../../contract/runtime-config';
import type { Operation } from '../../contract/paths';
import type { Translate } from '../core/provider-call';
import { openAiDialect, openAiPaths } from './openai-dialect';
import { requestHeaders } from './request-headers';

/**
 * Asks Azure OpenAI. The model's name there is that of a deployment, which stands in the path; only responses name it in
 * the body.
 *
 * @param apiKey Read for each request, so that a rotated key is used at once. Undefined: no credentials are sent.
 */
export function azureOpenAiTranslation(
  { baseUrl, apiVersion, streamUsage, maxTokensField }: AzureOpenAiProviderConfig,
  apiKey: () => string | undefined,
): Translate {
  const prefix = `${new URL(baseUrl).pathname.replace(/\/+$/, '')}/openai`;
  const query = `?api-version=${encodeURIComponent(apiVersion)}`;
  return openAiDialect({
    maxTokensField,
    reportsStreamUsage: streamUsage === 'request',
    path: (operation: Operation, model: string) => {
      const deployment = operation === 'responses' ? '' : `/deployments/${encodeURIComponent(model)}`;
      return `${prefix}${deployment}${openAiPaths[operation]}${query}`;
    },
    headers: (stream) => {
      const headers = requestHeaders(stream);
      const key = apiKey();
      if (key !== undefined) headers['api-key'] = key;
      return headers;
    },
  });
}

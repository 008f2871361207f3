import { z } from 'zod';
import { deadlines } from './runtime-config-deadlines';
import { caFile, secretFile } from './secret-file';

/** A name that becomes a metric label. */
export const name = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits or inner hyphens',
  )
  .describe('1 to 63 lower-case letters, digits or inner hyphens. Becomes a metric label.');

const url = z.url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' });

const apiKeyFile = secretFile.optional().describe('File with the API key. Absent: no credentials are sent.');

const streamUsage = z
  .enum(['request', 'estimate'])
  .default('request')
  .describe(
    '`request` (default): streams are asked for their usage by `stream_options`. `estimate`: for servers that refuse that field; tokens are estimated as UTF-8 bytes / 4.',
  );

const maxTokensField = z
  .enum(['max_completion_tokens', 'max_tokens'])
  .default('max_completion_tokens')
  .describe(
    'Field that bounds the answer to a request of the Anthropic dialect. `max_completion_tokens` (default) is what OpenAI documents; some compatible servers know only `max_tokens`.',
  );

const providerBase = { name };

/** Of a provider that is reached over a network. */
const remoteBase = { ...providerBase, deadlines };

const echoProvider = z
  .strictObject({ ...providerBase, kind: z.literal('echo') })
  .describe('Built in: answers with the last user message. No key, no network. Refused in production mode.');

const openAiProvider = z
  .strictObject({
    ...remoteBase,
    kind: z.literal('openai'),
    baseUrl: url.describe('Address up to and including the version, e.g. https://api.openai.com/v1.'),
    apiKeyFile,
    caFile,
    streamUsage,
    maxTokensField,
  })
  .describe('OpenAI, or any server that speaks its API: vLLM, Ollama, Groq, Mistral ...');

const azureOpenAiProvider = z
  .strictObject({
    ...remoteBase,
    kind: z.literal('azure-openai'),
    baseUrl: url.describe('Endpoint of the resource, e.g. https://my-resource.openai.azure.com.'),
    apiVersion: z
      .string()
      .regex(/^[a-zA-Z0-9.-]{1,64}$/, 'must be a version of the API, e.g. 2024-10-21')
      .describe('Sent as `api-version`, e.g. 2024-10-21.'),
    apiKeyFile,
    caFile,
    streamUsage,
    maxTokensField,
  })
  .describe('Azure OpenAI with its deployments: the model of a target is the name of one.');

const anthropicProvider = z
  .strictObject({
    ...remoteBase,
    kind: z.literal('anthropic'),
    baseUrl: url
      .default('https://api.anthropic.com')
      .describe('Address without the version. Default https://api.anthropic.com.'),
    apiKeyFile,
    caFile,
    version: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date, e.g. 2023-06-01')
      .default('2023-06-01')
      .describe(
        'Sent as `anthropic-version` where the client names none. Default 2023-06-01, which takes `temperature` and `top_p` and which compatible servers know; 2026-10-21 refuses both.',
      ),
    defaultMaxTokens: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(4096)
      .describe(
        '`max_tokens` of a chat completion that names no bound; Anthropic demands one. In tokens; default 4096, which every model takes.',
      ),
  })
  .describe('Anthropic, or a server that speaks its API. Both dialects are answered.');

export const provider = z.discriminatedUnion(
  'kind',
  [echoProvider, openAiProvider, azureOpenAiProvider, anthropicProvider],
  { error: 'must have a `kind` of "echo", "openai", "azure-openai" or "anthropic"' },
);

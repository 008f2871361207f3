import type { JsonObject } from '../../core/upstream';
import { FieldCheck, invalid, refuse } from '../field-rules';
import { objectAt, textAt } from '../json';
import { messagesToChatFields } from './fields';
import { chatMessages } from './messages';
import { chatToolChoice, chatTools, responseFormat } from './tools';

const fields = new FieldCheck(messagesToChatFields);

/** What differs between servers that speak OpenAI's API. */
export interface ChatServer {
  /** The field that bounds the answer: OpenAI's reasoning models know only the newer, some servers only the older. */
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** The server takes `stream_options`. */
  readonly reportsStreamUsage: boolean;
}

/**
 * A request of Anthropic's messages as an OpenAI chat completion.
 *
 * @throws GatewayError where a field is wrong, or would be lost.
 */
export function chatRequest(body: JsonObject, model: string, server: ChatServer): JsonObject {
  fields.check(body, '', '');
  for (const part of ['metadata', 'thinking', 'output_config']) {
    const value = body[part];
    if (value !== undefined && value !== null) fields.check(objectAt(value, part), part, part);
  }
  const { max_tokens: maxTokens, stop_sequences: stop, temperature, top_p: topP, stream } = body;
  if (typeof maxTokens !== 'number') invalid('max_tokens', 'must be a number');
  const tools = chatTools(body['tools'], fields);
  const output = (body['output_config'] ?? {}) as JsonObject;
  const user = (body['metadata'] as JsonObject | null | undefined)?.['user_id'];
  return {
    model,
    messages: chatMessages(body['system'], body['messages'], fields),
    [server.maxTokensField]: maxTokens,
    ...(Array.isArray(stop) && stop.length > 0 && { stop: stop as unknown[] }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { top_p: topP }),
    ...(tools.length > 0 && { tools, ...chatToolChoice(body['tool_choice'], fields) }),
    ...effort(output['effort']),
    ...responseFormat(output['format'], fields),
    ...(typeof user === 'string' && { user }),
    ...serviceTier(body['service_tier']),
    ...(stream === true && {
      stream,
      ...(server.reportsStreamUsage && { stream_options: { include_usage: true } }),
    }),
  };
}

function effort(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  if (value === 'max') refuse('output_config.effort', 'OpenAI has no effort of that name');
  return { reasoning_effort: value };
}

function serviceTier(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  return { service_tier: textAt(value, 'service_tier') === 'standard_only' ? 'default' : value };
}

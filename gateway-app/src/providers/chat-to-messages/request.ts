import type { JsonObject } from '../../core/upstream';
import { FieldCheck, invalid, refuse } from '../field-rules';
import { listAt, objectAt, textAt } from '../json';
import { chatToMessagesFields } from './fields';
import { conversation } from './messages';
import { anthropicToolChoice, anthropicTools } from './tools';

const fields = new FieldCheck(chatToMessagesFields);

/**
 * An OpenAI chat completion as a request of Anthropic's messages.
 *
 * @param defaultMaxTokens Anthropic demands a bound; this one serves where the client names none.
 * @throws GatewayError where a field is wrong, or would be lost.
 */
export function messagesRequest(body: JsonObject, model: string, defaultMaxTokens: number): JsonObject {
  fields.check(body, '', '');
  const { system, messages } = conversation(body['messages'], fields);
  const tools = anthropicTools(body['tools'], fields);
  const toolChoice = anthropicToolChoice(body, tools !== undefined);
  const outputConfig = { ...effort(body['reasoning_effort']), ...format(body['response_format']) };
  const user = body['safety_identifier'] ?? body['user'];
  checkStreamOptions(body['stream_options']);
  return {
    model,
    max_tokens: body['max_completion_tokens'] ?? body['max_tokens'] ?? defaultMaxTokens,
    ...(system.length > 0 && { system }),
    messages,
    ...stopSequences(body['stop']),
    ...temperature(body['temperature']),
    ...given(body, 'top_p'),
    ...given(body, 'top_k'),
    ...(tools !== undefined && { tools }),
    ...(toolChoice !== undefined && { tool_choice: toolChoice }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...(typeof user === 'string' && { metadata: { user_id: user } }),
    ...serviceTier(body['service_tier']),
    ...given(body, 'stream'),
  };
}

/** The client asked for a chunk with the usage at the end of its stream. */
export function asksForUsage(body: JsonObject): boolean {
  const options = body['stream_options'];
  return typeof options === 'object' && options !== null && (options as JsonObject)['include_usage'] === true;
}

function given(body: JsonObject, field: string): JsonObject {
  const value = body[field];
  return value === undefined || value === null ? {} : { [field]: value };
}

function checkStreamOptions(options: unknown): void {
  if (options === undefined || options === null) return;
  fields.check(objectAt(options, 'stream_options'), 'stream_options', 'stream_options');
}

function stopSequences(stop: unknown): JsonObject {
  if (stop === undefined || stop === null) return {};
  const list = typeof stop === 'string' ? [stop] : listAt(stop, 'stop');
  return list.length === 0 ? {} : { stop_sequences: list };
}

function temperature(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'number') return invalid('temperature', 'must be a number');
  if (value > 1) refuse('temperature', 'Anthropic takes 0 to 1');
  return { temperature: value };
}

function effort(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  if (value === 'none' || value === 'minimal')
    refuse('reasoning_effort', 'Anthropic has no effort below low');
  return { effort: value };
}

function format(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  const wanted = objectAt(value, 'response_format');
  fields.check(wanted, 'response_format', 'response_format');
  if (wanted['type'] !== 'json_schema') return {};
  const at = 'response_format.json_schema';
  const definition = objectAt(wanted['json_schema'], at);
  fields.check(definition, at, at);
  const schema = objectAt(definition['schema'], `${at}.schema`);
  const description = definition['description'];
  return {
    format: {
      type: 'json_schema',
      schema: typeof description === 'string' ? { description, ...schema } : schema,
    },
  };
}

function serviceTier(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  switch (textAt(value, 'service_tier')) {
    case 'auto':
      return { service_tier: 'auto' };
    case 'default':
      return { service_tier: 'standard_only' };
    default:
      return refuse('service_tier', 'Anthropic has the tiers auto and default');
  }
}

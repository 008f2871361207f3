import { randomUUID } from 'node:crypto';
import { GatewayError } from '../../core/gateway-error';
import type { AnswerBody } from '../../core/answer';
import type { ReportedUsage } from '../../core/usage';
import type { JsonObject } from '../../core/upstream';
import { asList, asObject, asText, parseObject } from '../json';
import { readOpenAiUsage } from '../openai-usage';
import { stopReason } from './stop-reason';

/**
 * A chat completion of OpenAI as Anthropic's message.
 *
 * @throws GatewayError where it is no chat completion.
 */
export function message(body: Buffer): AnswerBody {
  const completion = parseObject(body.toString('utf8'));
  const choice = asObject(asList(completion?.['choices'])[0]);
  const written = asObject(choice?.['message']);
  if (completion === undefined || choice === undefined || written === undefined) {
    throw invalid('something that is no chat completion');
  }
  const finish = choice['finish_reason'];
  const refusal = asText(written['refusal']) ?? '';
  const text = (asText(written['content']) ?? '') + refusal;
  const calls = asList(written['tool_calls']).map((call) =>
    toolUse(asObject(call) ?? {}, finish === 'length'),
  );
  const usage: ReportedUsage = {};
  readOpenAiUsage(asObject(completion['usage']) ?? {}, usage);
  const answer = {
    ...messageHead(completion),
    content: [...(text === '' ? [] : [{ type: 'text', text }]), ...calls],
    stop_reason: refusal === '' ? stopReason(finish, calls.length > 0) : 'refusal',
    stop_sequence: null,
    usage: anthropicUsage(usage),
  };
  const outputBytes =
    Buffer.byteLength(text) + (calls.length > 0 ? Buffer.byteLength(JSON.stringify(calls)) : 0);
  return { body: JSON.stringify(answer), usage, outputBytes };
}

/** What a message and the start of a stream have in common. */
export function messageHead(completion: JsonObject): JsonObject {
  return {
    id: asText(completion['id']) ?? `msg_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model: completion['model'],
  };
}

/** The counts as Anthropic writes them: `input_tokens` are those that no cache had. */
export function anthropicUsage({
  inputTokens = 0,
  cachedInputTokens = 0,
  outputTokens = 0,
}: ReportedUsage): JsonObject {
  return {
    input_tokens: inputTokens - cachedInputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
  };
}

/** An id by which the client can answer the call; a few compatible servers give none. */
export function toolUseId(id: unknown): string {
  return asText(id) ?? `toolu_${randomUUID()}`;
}

function toolUse(call: JsonObject, wasShortened: boolean): JsonObject {
  const called = asObject(call['function']);
  const text = asText(called?.['arguments']) ?? '';
  const input = text === '' ? {} : parseObject(text);
  // At the token limit half a text is what the model wrote, and `max_tokens` tells the client so.
  if (input === undefined && !wasShortened) throw invalid('tool arguments that are no JSON object');
  return { type: 'tool_use', id: toolUseId(call['id']), name: called?.['name'], input: input ?? {} };
}

export function invalid(what: string): GatewayError {
  return new GatewayError('provider_invalid_response', { cause: `the provider sent ${what}` });
}

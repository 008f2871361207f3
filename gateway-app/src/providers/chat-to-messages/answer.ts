import { GatewayError } from '../../core/gateway-error';
import type { AnswerBody } from '../../core/answer';
import type { ReportedUsage } from '../../core/usage';
import type { JsonObject } from '../../core/upstream';
import { readAnthropicUsage, thinkingTokens } from '../anthropic-usage';
import { asList, asObject, asText, parseObject } from '../json';
import { chatUsage } from '../openai-usage';
import { finishReason } from './stop-reason';
import { writtenBytesIn } from '../written-bytes';

/**
 * A message of Anthropic as OpenAI's chat completion.
 *
 * @throws GatewayError where it is no message.
 */
export function chatCompletion(body: Buffer, createdSeconds: number): AnswerBody {
  const message = parseObject(body.toString('utf8'));
  if (message?.['type'] !== 'message' || !Array.isArray(message['content'])) {
    throw new GatewayError('provider_invalid_response', {
      cause: 'the provider answered with something that is no message',
    });
  }
  const text: string[] = [];
  const toolCalls: JsonObject[] = [];
  // Thinking has no place in a chat completion; its tokens are counted.
  for (const block of asList(message['content']).map(asObject)) {
    if (block?.['type'] === 'text') text.push(asText(block['text']) ?? '');
    else if (block?.['type'] === 'tool_use') toolCalls.push(toolCall(block));
  }
  const usage: ReportedUsage = {};
  const reported = asObject(message['usage']);
  readAnthropicUsage(reported, usage);
  const answer = {
    id: message['id'],
    object: 'chat.completion',
    created: createdSeconds,
    model: message['model'],
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text.length === 0 ? null : text.join(''),
          refusal: refusal(message),
          ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        },
        logprobs: null,
        finish_reason: finishReason(message['stop_reason']),
      },
    ],
    usage: chatUsage(usage, thinkingTokens(reported)),
  };
  const outputBytes =
    writtenBytesIn(message) + (toolCalls.length > 0 ? Buffer.byteLength(JSON.stringify(toolCalls)) : 0);
  return { body: JSON.stringify(answer), usage, outputBytes };
}

function toolCall(block: JsonObject): JsonObject {
  return {
    id: block['id'],
    type: 'function',
    function: { name: block['name'], arguments: JSON.stringify(block['input'] ?? {}) },
  };
}

function refusal(message: JsonObject): string | null {
  if (message['stop_reason'] !== 'refusal') return null;
  return asText(asObject(message['stop_details'])?.['explanation']) ?? null;
}

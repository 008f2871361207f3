import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/upstream';
import { asksForUsage } from '../chat-to-messages/request';
import { lastUserText, nowSeconds, pieces, usageOf } from './text';

export function chatAnswer(body: JsonObject): object {
  const content = lastUserText(body['messages']);
  const message = { role: 'assistant', content, refusal: null };
  return {
    ...envelope(body, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: chatUsage(body, content),
  };
}

export function chatStream(body: JsonObject): string[] {
  const content = lastUserText(body['messages']);
  const frame = envelope(body, 'chat.completion.chunk');
  const event = (rest: object): string => `data: ${JSON.stringify({ ...frame, ...rest })}\n\n`;
  const choice = (delta: object, finish: 'stop' | null): string =>
    event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  return [
    choice({ role: 'assistant', content: '' }, null),
    ...pieces(content).map((piece) => choice({ content: piece }, null)),
    choice({}, 'stop'),
    ...(asksForUsage(body) ? [event({ choices: [], usage: chatUsage(body, content) })] : []),
    'data: [DONE]\n\n',
  ];
}

export function chatUsage(body: JsonObject, written: string): object {
  const { input, output, total } = usageOf(body, written);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: total };
}

function envelope(body: JsonObject, object: string): object {
  return { id: `chatcmpl-${randomUUID()}`, object, created: nowSeconds(), model: body['model'] };
}

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/upstream';
import { asksForUsage } from '../chat-to-messages/request';
import { chatUsage } from './chat';
import { contentText, nowSeconds, pieces } from './text';

export function completionAnswer(body: JsonObject): object {
  const text = contentText(body['prompt']);
  return { ...envelope(body), choices: [choice(text, 'stop')], usage: chatUsage(body, text) };
}

export function completionStream(body: JsonObject): string[] {
  const text = contentText(body['prompt']);
  const frame = envelope(body);
  const event = (rest: object): string => `data: ${JSON.stringify({ ...frame, ...rest })}\n\n`;
  return [
    ...pieces(text).map((piece) => event({ choices: [choice(piece, null)] })),
    event({ choices: [choice('', 'stop')] }),
    ...(asksForUsage(body) ? [event({ choices: [], usage: chatUsage(body, text) })] : []),
    'data: [DONE]\n\n',
  ];
}

function choice(text: string, finish: 'stop' | null): object {
  return { index: 0, text, logprobs: null, finish_reason: finish };
}

function envelope(body: JsonObject): object {
  return {
    id: `cmpl-${randomUUID()}`,
    object: 'text_completion',
    created: nowSeconds(),
    model: body['model'],
  };
}

import { randomUUID } from 'node:crypto';
import type { JsonObject, Translate, UpstreamCall, UpstreamClient, UpstreamHandler } from '../core/upstream';
import { serialize } from './serialize';

const maxPieces = 8;

export const echoTranslation: Translate = (body, model) => ({
  path: '/chat/completions',
  headers: {},
  body: serialize({ ...body, model }),
});

/** The built-in provider: answers with the last user message, as one answer or streamed in a few pieces. */
export const echoClient: UpstreamClient = {
  start(request, handler) {
    const body = JSON.parse(request.body) as JsonObject;
    const chunks = body['stream'] === true ? streamedAnswer(body) : [wholeAnswer(body)];
    const type = body['stream'] === true ? 'text/event-stream' : 'application/json';
    return play(type, chunks, handler);
  },
};

/** Hands over one chunk per turn of the event loop, and none while paused. */
function play(contentType: string, chunks: readonly string[], handler: UpstreamHandler): UpstreamCall {
  let position = -1;
  let aborted = false;
  let next: NodeJS.Immediate | undefined;
  const schedule = (): void => {
    if (!aborted) next ??= setImmediate(step);
  };
  const step = (): void => {
    next = undefined;
    const chunk = chunks[position];
    position += 1;
    if (position === 0) handler.onHeaders(200, { 'content-type': contentType });
    else if (chunk === undefined) {
      handler.onEnd();
      return;
    } else if (!handler.onData(Buffer.from(chunk))) return;
    schedule();
  };
  schedule();
  return {
    resume: schedule,
    abort: () => {
      aborted = true;
      clearImmediate(next);
    },
  };
}

function wholeAnswer(body: JsonObject): string {
  const content = lastUserText(body);
  return JSON.stringify({
    ...envelope(body, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usage(body, content),
  });
}

function streamedAnswer(body: JsonObject): string[] {
  const content = lastUserText(body);
  const frame = envelope(body, 'chat.completion.chunk');
  const event = (rest: object): string => `data: ${JSON.stringify({ ...frame, ...rest })}\n\n`;
  const choice = (delta: object, finish: 'stop' | null): string =>
    event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  return [
    choice({ role: 'assistant', content: '' }, null),
    ...pieces(content).map((piece) => choice({ content: piece }, null)),
    choice({}, 'stop'),
    ...(asksForUsage(body) ? [event({ choices: [], usage: usage(body, content) })] : []),
    'data: [DONE]\n\n',
  ];
}

function envelope(body: JsonObject, object: string): object {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: body['model'],
  };
}

function asksForUsage(body: JsonObject): boolean {
  const options = body['stream_options'];
  return (
    typeof options === 'object' &&
    options !== null &&
    'include_usage' in options &&
    options.include_usage === true
  );
}

/** Tokens estimated as UTF-8 bytes / 4. */
function usage(body: JsonObject, content: string): object {
  const prompt = Math.ceil(Buffer.byteLength(JSON.stringify(body['messages'])) / 4);
  const completion = Math.ceil(Buffer.byteLength(content) / 4);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function lastUserText(body: JsonObject): string {
  const messages = Array.isArray(body['messages']) ? (body['messages'] as unknown[]) : [];
  const last = messages.findLast((message): message is JsonObject => asObject(message)?.['role'] === 'user');
  const content = last?.['content'];
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as unknown[])
    .map((part) => asObject(part)?.['text'])
    .filter((text) => typeof text === 'string')
    .join('');
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
}

/** Cuts between code points, so that no half of a surrogate pair is sent. */
function pieces(text: string): string[] {
  const size = Math.max(16, Math.ceil(text.length / maxPieces));
  const result: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = start + size;
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end += 1;
    result.push(text.slice(start, end));
    start = end;
  }
  return result;
}

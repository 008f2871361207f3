import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';

/** The JSON of each event of a stream. */
export function dataOf<Event>(written: string): Event[] {
  return written
    .split('\n\n')
    .map((event) => event.slice(event.indexOf('data: ') + 'data: '.length))
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data) as Event);
}

export interface ChatResult {
  content: string;
  calls: { id: string; name: string; arguments: string }[];
  finish: string | undefined;
  usage: unknown;
}

/** A chat completion put together from its chunks, as an SDK does it. */
export function chatOf(written: string): ChatResult {
  const result: ChatResult = { content: '', calls: [], finish: undefined, usage: undefined };
  for (const { choices, usage } of dataOf<OpenAI.ChatCompletionChunk>(written)) {
    const choice = choices[0];
    result.content += choice?.delta.content ?? '';
    result.finish = choice?.finish_reason ?? result.finish;
    result.usage = usage ?? result.usage;
    for (const { index, id = '', function: called } of choice?.delta.tool_calls ?? []) {
      const call = (result.calls[index] ??= { id, name: called?.name ?? '', arguments: '' });
      call.arguments += called?.arguments ?? '';
    }
  }
  return result;
}

/** The same of a whole answer. */
export function chatIn(body: Buffer | string): ChatResult {
  const { choices, usage } = JSON.parse(String(body)) as OpenAI.ChatCompletion;
  const { message, finish_reason: finish } = choices[0]!;
  const calls = (message.tool_calls ?? []).flatMap((call) =>
    call.type === 'function' ? [{ id: call.id, ...call.function }] : [],
  );
  return { content: message.content ?? '', calls, finish, usage };
}

export interface MessageResult {
  content: Record<string, unknown>[];
  stopReason: string | null;
  usage: unknown;
}

/** A message put together from its events, as an SDK does it. @throws Error where blocks overlap. */
export function messageOf(written: string): MessageResult {
  const result: MessageResult = { content: [], stopReason: null, usage: undefined };
  let piece = '';
  for (const event of dataOf<Anthropic.RawMessageStreamEvent>(written)) {
    const block = result.content.at(-1);
    if (
      'index' in event &&
      event.index !== result.content.length - (event.type === 'content_block_start' ? 0 : 1)
    ) {
      throw new Error(`block ${event.index} is written beside another`);
    }
    if (event.type === 'content_block_start') {
      result.content.push({ ...event.content_block });
      piece = '';
    } else if (event.type === 'content_block_delta') {
      if (event.delta.type === 'text_delta') piece += event.delta.text;
      if (event.delta.type === 'input_json_delta') piece += event.delta.partial_json;
    } else if (event.type === 'content_block_stop') {
      if (block?.['type'] === 'text') block['text'] = piece;
      else if (block !== undefined && piece !== '') block['input'] = JSON.parse(piece);
    } else if (event.type === 'message_delta') {
      result.stopReason = event.delta.stop_reason;
      result.usage = event.usage;
    }
  }
  return result;
}

/** The same of a whole answer. */
export function messageIn(body: Buffer | string): MessageResult {
  const { content, stop_reason: stopReason, usage } = JSON.parse(String(body)) as Anthropic.Message;
  return { content: content.map((block) => ({ ...block })), stopReason, usage };
}

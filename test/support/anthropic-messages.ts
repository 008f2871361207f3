import { answersJson, streams, type Behaviour } from './fake-provider';

type Json = Record<string, unknown>;

/** A block of an answer as Anthropic writes it. */
export type AnswerBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Json };

export interface AnswerOptions {
  readonly stopReason?: string;
  readonly stopSequence?: string;
  readonly usage?: Json;
}

export const text = (value: string): AnswerBlock => ({ type: 'text', text: value });

const usageAtStart: Json = {
  input_tokens: 12,
  cache_creation_input_tokens: 3,
  cache_read_input_tokens: 5,
  cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 0 },
  output_tokens: 1,
  service_tier: 'standard',
};

/** A whole message. */
export function anthropicMessage(content: readonly AnswerBlock[], options: AnswerOptions = {}): Json {
  return {
    id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
    type: 'message',
    role: 'assistant',
    model: 'provider-model',
    content,
    stop_reason: options.stopReason ?? 'end_turn',
    stop_sequence: options.stopSequence ?? null,
    usage: { ...usageAtStart, output_tokens: 7, ...options.usage },
  };
}

/** The same message as the events of a stream, each a text of its own. Texts and inputs come in pieces. */
export function anthropicEvents(content: readonly AnswerBlock[], options: AnswerOptions = {}): string[] {
  const start = { ...anthropicMessage([]), stop_reason: null, usage: { ...usageAtStart, ...options.usage } };
  return [
    event('message_start', { message: start }),
    ...content.flatMap((block, index) => [
      event('content_block_start', { index, content_block: emptied(block) }),
      ...(index === 0 ? [event('ping', {})] : []),
      ...deltas(block).map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason: options.stopReason ?? 'end_turn', stop_sequence: options.stopSequence ?? null },
      usage: { output_tokens: 7, ...options.usage },
    }),
    event('message_stop', {}),
  ];
}

export function anthropicErrorBody(type: string, message: string): Json {
  return { type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' };
}

export const anthropicErrorEvent = (type: string, message: string): string =>
  event('error', { error: { type, message } });

/** Answers as asked: a stream where the request says `stream`. */
export const answersMessage =
  (content: readonly AnswerBlock[], options: AnswerOptions = {}): Behaviour =>
  (response, request) => {
    const wantsStream = (JSON.parse(request.body) as Json)['stream'] === true;
    const behaviour = wantsStream
      ? streams(...anthropicEvents(content, options))
      : answersJson(anthropicMessage(content, options));
    behaviour(response, request);
  };

function event(type: string, fields: Json): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function emptied(block: AnswerBlock): Json {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool_use':
      return { ...block, input: {} };
  }
}

function deltas(block: AnswerBlock): Json[] {
  switch (block.type) {
    case 'text':
      return halves(block.text).map((piece) => ({ type: 'text_delta', text: piece }));
    case 'thinking':
      return [
        ...halves(block.thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
        { type: 'signature_delta', signature: block.signature },
      ];
    case 'tool_use': {
      // The API sends an empty piece first, and nothing else where there are no arguments.
      const input = Object.keys(block.input).length === 0 ? [] : halves(JSON.stringify(block.input));
      return ['', ...input].map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
    }
  }
}

function halves(value: string): string[] {
  const middle = Math.ceil(value.length / 2);
  return [value.slice(0, middle), value.slice(middle)].filter((piece) => piece !== '');
}

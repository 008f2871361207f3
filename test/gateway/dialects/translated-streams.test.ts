import fc from 'fast-check';
import type { AnswerStream } from '../../../gateway-app/src/core/answer';
import { GatewayError } from '../../../gateway-app/src/core/gateway-error';
import { chatAnswer } from '../../../gateway-app/src/providers/chat-to-messages/translation';
import { messageAnswer } from '../../../gateway-app/src/providers/messages-to-chat/translation';
import { chatIn, chatOf, messageIn, messageOf } from '../../support/accumulate';
import { anthropicEvents, anthropicMessage, text, type AnswerBlock } from '../../support/anthropic-messages';
import { chatStream, completionWith, type ChatPart } from '../../support/openai-chat';
import { cutAt } from '../sse/reference';

const seeded = { seed: 20_241_125, numRuns: 300 };
const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 });

function read(stream: AnswerStream, chunks: readonly Buffer[]): string {
  return chunks.map((chunk) => String(stream.push(chunk))).join('');
}

const whole = (events: readonly string[]): Buffer[] => [Buffer.from(events.join(''))];
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const json = fc.dictionary(fc.string({ maxLength: 5 }), fc.oneof(words, fc.integer()), { maxKeys: 3 });
const blocks = fc.array(
  fc.oneof(
    words.map(text),
    words.map((thinking): AnswerBlock => ({ type: 'thinking', thinking, signature: 'c2ln' })),
    fc
      .tuple(words, json)
      .map(([name, input]): AnswerBlock => ({ type: 'tool_use', id: `toolu_${name}`, name, input })),
  ),
  { maxLength: 5 },
);
/** Calls follow the text, as OpenAI has them. */
const parts = fc
  .tuple(words, fc.array(fc.tuple(words, json), { maxLength: 3 }))
  .map(([first, calls]): ChatPart[] => [
    { text: first },
    ...calls.map(([name, input], index) => ({
      call: { id: `call_${index}`, name, arguments: JSON.stringify(input) },
    })),
  ]);

describe('An Anthropic stream as chunks of a chat completion', () => {
  const create = (): AnswerStream => chatAnswer(true).stream();

  it('is the same for any chunking, and says what the whole answer says', () => {
    fc.assert(
      fc.property(blocks, cuts, (content, at) => {
        const events = anthropicEvents(content);
        const stream = create();
        const written = read(stream, cutAt(Buffer.from(events.join('')), at));
        expect(written.replace(/"created":\d+/g, '')).toBe(
          read(create(), whole(events)).replace(/"created":\d+/g, ''),
        );
        expect(stream).toMatchObject({ isDone: true, hasFailed: false });
        expect(written.endsWith('data: [DONE]\n\n')).toBe(true);
        const answer = chatAnswer(true).whole(Buffer.from(JSON.stringify(anthropicMessage(content))));
        expect(chatOf(written)).toEqual(chatIn(answer.body));
      }),
      seeded,
    );
  });

  it('says {} for a tool without arguments, which is JSON as an empty text is not', () => {
    const events = anthropicEvents([{ type: 'tool_use', id: 't', name: 'now', input: {} }]);
    expect(chatOf(read(create(), whole(events))).calls).toEqual([{ id: 't', name: 'now', arguments: '{}' }]);
  });

  it.each([
    ['refusal', 'content_filter'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['pause_turn', 'stop'],
    ['something_new', 'stop'],
  ])('that ends with %s ends with %s', (stopReason, finish) => {
    const events = anthropicEvents([text('a')], { stopReason });
    expect(chatOf(read(create(), whole(events))).finish).toBe(finish);
  });

  it('knows the output by its bytes until the provider has counted it', () => {
    const stream = create();
    read(stream, whole(anthropicEvents([text('12345678')]).slice(0, -2)));
    expect(stream).toMatchObject({
      usage: { inputTokens: 20, cachedInputTokens: 5 },
      outputBytes: 8,
      isDone: false,
    });
    expect(stream.usage.outputTokens).toBeUndefined();
  });

  it.each([
    ['no JSON', 'data: {\n\n'],
    ['a delta before the start', anthropicEvents([text('a')])[3]!],
    ['an end without a reason', 'data: {"type":"message_stop"}\n\n'],
    ['a start without a message', 'data: {"type":"message_start"}\n\n'],
  ])('that holds %s is the fault of the provider', (_, event) => {
    expect(() => read(create(), whole([event]))).toThrow(GatewayError);
  });
});

describe('A chat stream as the events of an Anthropic message', () => {
  const create = (): AnswerStream => messageAnswer.stream();

  it('is the same for any chunking, and says what the whole answer says', () => {
    fc.assert(
      fc.property(parts, cuts, (content, at) => {
        const finish = content.length > 1 ? 'tool_calls' : 'stop';
        const events = chatStream(content, finish);
        const stream = create();
        const written = read(stream, cutAt(Buffer.from(events.join('')), at));
        expect(written).toBe(read(create(), whole(events)));
        expect(stream).toMatchObject({ isDone: true, hasFailed: false });
        const answer = messageAnswer.whole(Buffer.from(JSON.stringify(completionWith(content, finish))));
        expect(messageOf(written)).toEqual(messageIn(answer.body));
      }),
      seeded,
    );
  });

  it('tells calls apart that a server numbers all 0', () => {
    const call = (id: string): string =>
      `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"${id}","function":{"name":"f","arguments":"{}"}}]}}]}\n\n`;
    const end = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    const { content, stopReason } = messageOf(read(create(), whole([call('a'), call('b'), end])));
    expect(content.map((block) => block['id'])).toEqual(['a', 'b']);
    expect(stopReason).toBe('tool_use');
  });

  it.each([
    ['no JSON', ['data: {\n\n']],
    ['an end before the answer', ['data: [DONE]\n\n']],
    ['an end without a reason', [...chatStream([{ text: 'a' }]).slice(0, 2), 'data: [DONE]\n\n']],
    ['a call without a name', ['data: {"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}\n\n']],
  ])('that holds %s is the fault of the provider', (_, events) => {
    expect(() => read(create(), whole(events))).toThrow(GatewayError);
  });

  it('of arguments that are no JSON is the fault of the provider, unless they were cut off by the bound', () => {
    const answer = (finish: string): Buffer =>
      Buffer.from(
        JSON.stringify(completionWith([{ call: { id: 'a', name: 'f', arguments: '{"a' } }], finish)),
      );
    expect(() => messageAnswer.whole(answer('tool_calls'))).toThrow(GatewayError);
    expect(JSON.parse(String(messageAnswer.whole(answer('length')).body))).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ type: 'tool_use', input: {} }],
    });
  });
});

describe('Either translation', () => {
  it.each([
    ['of an Anthropic stream', (): AnswerStream => chatAnswer(true).stream()],
    ['of a chat stream', (): AnswerStream => messageAnswer.stream()],
  ])('%s survives any events: it ends in an error of the catalogue or in nothing', (_, create) => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const types = fc.constantFrom(
      'message_start',
      'content_block_start',
      'content_block_delta',
      'message_delta',
      'error',
    );
    const event = fc.oneof(
      value,
      fc.record({ type: types, message: value, content_block: value, delta: value, usage: value }),
      fc.record({ choices: fc.array(fc.record({ delta: value, finish_reason: value })), usage: value }),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        try {
          read(create(), whole(events.map((data) => `data: ${JSON.stringify(data)}\n\n`)));
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
      { seed: 20_241_126, numRuns: 1_000 },
    );
  });
});

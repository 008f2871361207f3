import fc from 'fast-check';
import type { AnswerStream } from '../../../gateway-app/src/core/answer';
import { passedAnswers } from '../../../gateway-app/src/providers/passed-answer';
import {
  anthropicErrorEvent,
  anthropicEvents,
  anthropicMessage,
  text,
} from '../../support/anthropic-messages';
import { chatStream, completionWith } from '../../support/openai-chat';
import { cutAt } from '../sse/reference';

const seeded = { seed: 20_241_127, numRuns: 300 };
const cuts = fc.array(fc.nat({ max: 3_000 }), { maxLength: 30 });
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const counted = { inputTokens: 20, cachedInputTokens: 5, outputTokens: 7 };

function read(stream: AnswerStream, events: readonly string[], at: readonly number[] = []): string {
  // Decoded as one: a character may be cut in two.
  return Buffer.concat(
    cutAt(Buffer.from(events.join('')), at).map((chunk) => Buffer.from(stream.push(chunk))),
  ).toString();
}

const responseEvent = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, ...fields })}\n\n`;
const responseUsage = { input_tokens: 20, input_tokens_details: { cached_tokens: 5 }, output_tokens: 7 };

/** Streams of each kind that say a text, as whole events, with the stream that reads them. */
const kinds: [string, (said: string) => string[], () => AnswerStream][] = [
  ['a chat completion', (said) => chatStream([{ text: said }]), () => passedAnswers.chat.stream()],
  [
    'a completion',
    (said) => [
      `data: ${JSON.stringify({ choices: [{ text: said, index: 0 }], usage: null })}\r\n\r\n`,
      `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 20, prompt_tokens_details: { cached_tokens: 5 }, completion_tokens: 7 } })}\r\n\r\n`,
      'data: [DONE]\r\n\r\n',
    ],
    () => passedAnswers.completions.stream(),
  ],
  [
    'a response',
    (said) => [
      responseEvent('response.created', { response: { usage: null, metadata: { delta: said } } }),
      responseEvent('response.output_text.delta', { delta: said, logprobs: [] }),
      responseEvent('response.completed', { response: { output: [{ text: said }], usage: responseUsage } }),
    ],
    () => passedAnswers.responses.stream(),
  ],
  ['a message', (said) => anthropicEvents([text(said)]), () => passedAnswers.messages.stream()],
];

describe.each(kinds)('The stream of %s that is passed on', (_, events, create) => {
  it('is the same bytes in any chunking, and its usage is known', () => {
    fc.assert(
      fc.property(words, cuts, (said, at) => {
        const stream = create();
        expect(read(stream, events(said), at)).toBe(events(said).join(''));
        expect(stream).toMatchObject({ usage: counted, isDone: true, hasFailed: false });
      }),
      seeded,
    );
  });

  it('is measured by the bytes of what the model wrote', () => {
    fc.assert(
      fc.property(words, cuts, (said, at) => {
        const stream = create();
        read(stream, events(said), at);
        expect(stream.outputBytes).toBe(Buffer.byteLength(said));
      }),
      seeded,
    );
  });

  it('is not done before its last event', () => {
    const stream = create();
    read(stream, events('a').slice(0, -1));
    expect(stream).toMatchObject({ isDone: false, hasFailed: false });
  });
});

describe('The usage that the client did not ask for', () => {
  it('is withheld, and nothing else is', () => {
    fc.assert(
      fc.property(words, cuts, (said, at) => {
        const events = chatStream([{ text: said }]);
        const stream = passedAnswers.chatWithoutUsage.stream();
        const visible = [...events.slice(0, -2), ...events.slice(-1)].join('');
        expect(read(stream, events, at)).toBe(visible);
        expect(stream.usage).toEqual(counted);
      }),
      seeded,
    );
  });

  it.each([
    [
      'in the last chunk of text',
      { choices: [{ delta: { content: 'a' } }], usage: { prompt_tokens: 1, completion_tokens: 1 } },
    ],
    ['not at all, in an event without choices', { choices: [], prompt_filter_results: [] }],
  ])('stays where the server says it %s', (_, chunk) => {
    const events = [`data: ${JSON.stringify(chunk)}\n\n`];
    expect(read(passedAnswers.chatWithoutUsage.stream(), events)).toBe(events[0]);
  });
});

describe("The provider's own error", () => {
  it.each([
    ['a chat completion', passedAnswers.chat.stream(), 'data: {"error":{"message":"no"}}\n\n'],
    ['a response', passedAnswers.responses.stream(), responseEvent('error', { message: 'no' })],
    ['a message', passedAnswers.messages.stream(), anthropicErrorEvent('api_error', 'no')],
  ])('within %s ends it, and is passed on', (_, stream, event) => {
    expect(read(stream, [event])).toBe(event);
    expect(stream).toMatchObject({ hasFailed: true, isDone: false });
  });

  it('is not what a model says about errors', () => {
    const stream = passedAnswers.chat.stream();
    read(
      stream,
      chatStream([{ text: 'data: {"error":{}} [DONE] "usage":{"prompt_tokens":1}' }]).slice(0, -2),
    );
    expect(stream).toMatchObject({ hasFailed: false, isDone: false, usage: {} });
  });
});

describe('What a model wrote is measured', () => {
  const bytes = (json: string): number => {
    const stream = passedAnswers.chat.stream();
    read(stream, [`data: ${json}\n\n`]);
    return stream.outputBytes;
  };

  it.each([
    [
      'escapes',
      String.raw`{"choices":[{"delta":{"content":"\n\"\\\u00e9\u20ac\ud83d\ude00a"}}]}`,
      1 + 1 + 1 + 2 + 3 + 4 + 1,
    ],
    [
      'arguments of tools',
      '{"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"f","arguments":"{}"}}]}}]}',
      2,
    ],
    ['reasoning', '{"choices":[{"delta":{"role":"assistant","content":null,"reasoning_content":"abc"}}]}', 3],
    ['no text', '{"choices":[{"delta":{},"finish_reason":"stop"}]}', 0],
    ['blanks', '{"choices": [ { "delta" : { "content" : "abcd" } } ]}', 4],
    ['a key at the end', '{"delta"', 0],
  ])('with %s', (_, json, expected) => {
    expect(bytes(json)).toBe(expected);
  });

  it('as no more than there is, whatever the bytes are', () => {
    const key = Buffer.from('{"delta":{"content":');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
        const stream = passedAnswers.chat.stream();
        const event = Buffer.concat([key, Buffer.from(noise), Buffer.from('\n\n')]);
        stream.push(event);
        expect(stream.outputBytes).toBeLessThanOrEqual(event.length);
      }),
      seeded,
    );
  });
});

describe('The usage of a whole answer', () => {
  const usageOf = (body: object | string, kind: 'chat' | 'messages' = 'chat'): unknown => {
    const { usage, outputBytes } = passedAnswers[kind].whole(
      Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    );
    return { ...usage, outputBytes };
  };

  it.each([
    ['of a chat completion', completionWith([{ text: 'a' }]), 'chat'],
    ['of a message', anthropicMessage([text('a')]), 'messages'],
    [
      'before a field of the same name',
      {
        usage: { prompt_tokens: 20, prompt_tokens_details: { cached_tokens: 5 }, completion_tokens: 7 },
        metadata: { usage: 'x' },
      },
      'chat',
    ],
    [
      'before an object of the same name',
      {
        usage: { prompt_tokens: 20, prompt_tokens_details: { cached_tokens: 5 }, completion_tokens: 7 },
        x: { usage: { a: '}' } },
      },
      'chat',
    ],
  ] as const)('is found %s', (_, body, kind) => {
    expect(usageOf(body, kind)).toEqual({ ...counted, outputBytes: 0 });
  });

  it('is found with blanks in between', () => {
    expect(usageOf('{"usage" : { "prompt_tokens" : 2 , "completion_tokens" : 3 } }')).toMatchObject({
      inputTokens: 2,
      outputTokens: 3,
    });
  });

  it('is measured where the provider reports none', () => {
    const body = { choices: [{ message: { content: '12345', refusal: null } }], usage: null };
    expect(usageOf(body)).toEqual({ outputBytes: 5 });
  });
});

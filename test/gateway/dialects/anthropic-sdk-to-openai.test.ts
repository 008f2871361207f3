import Anthropic from '@anthropic-ai/sdk';
import { chatStream, completionWith, type ChatPart } from '../../support/openai-chat';
import {
  answersJson,
  neverAnswers,
  startFakeProvider,
  streams,
  streamsThenBreaks,
  streamsThenHangs,
  type Behaviour,
  type FakeProvider,
} from '../../support/fake-provider';
import { startGateway, type RunningGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;
let client: Anthropic;

const ask = { model: 'gpt', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] };
const weather: Anthropic.Tool = {
  name: 'weather',
  description: 'Tells the weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
};
const weatherCall: ChatPart = { call: { id: 'call_1', name: 'weather', arguments: '{"city":"Zürich"}' } };
const timeCall: ChatPart = { call: { id: 'call_2', name: 'time', arguments: '' } };

const sent = (): Record<string, unknown> =>
  JSON.parse(provider.received.at(-1)!.body) as Record<string, unknown>;

/** Answers as asked: a stream where the request says `stream`. */
const answers =
  (parts: readonly ChatPart[], finish = 'stop'): Behaviour =>
  (response, request) => {
    const behaviour =
      JSON.parse(request.body).stream === true
        ? streams(...chatStream(parts, finish))
        : answersJson(completionWith(parts, finish));
    behaviour(response, request);
  };

beforeAll(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    secrets: { key: 'sk-provider' },
    config: {
      version: 1,
      access: 'anonymous',
      providers: [
        { name: 'openai', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'key' },
        {
          name: 'older',
          kind: 'openai',
          baseUrl: provider.baseUrl,
          streamUsage: 'estimate',
          maxTokensField: 'max_tokens',
        },
      ],
      models: [
        { name: 'gpt', targets: [{ provider: 'openai', model: 'gpt-model' }] },
        { name: 'older', targets: [{ provider: 'older', model: 'older-model' }] },
      ],
    },
    timings: { upstream: { responseHeadersMs: 2_000 } },
  });
  client = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
});

beforeEach(() => {
  provider.received.length = 0;
  provider.behave(answers([{ text: 'Hello' }]));
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

describe('A message from an OpenAI-compatible provider', () => {
  it('carries the text, the reason of its end, and the tokens apart from cached ones', async () => {
    expect(await client.messages.create(ask)).toMatchObject({
      id: 'chatcmpl-1',
      type: 'message',
      role: 'assistant',
      model: 'provider-model',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 15, cache_read_input_tokens: 5, output_tokens: 7 },
    });
  });

  it("reaches the provider as a chat completion with the gateway's key", async () => {
    await client.messages.create({
      ...ask,
      system: 'Be brief.',
      metadata: { user_id: 'u' },
      stop_sequences: ['END'],
    });
    const { url, headers } = provider.received[0]!;
    expect(url).toBe('/v1/chat/completions');
    expect(headers.authorization).toBe('Bearer sk-provider');
    expect(JSON.stringify(headers)).not.toContain('client-key');
    expect(headers['anthropic-version']).toBeUndefined();
    expect(sent()).toEqual({
      model: 'gpt-model',
      max_completion_tokens: 100,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      stop: ['END'],
      user: 'u',
    });
  });

  it('streams the text piece by piece as the events of a message', async () => {
    const types: string[] = [];
    const stream = client.messages.stream(ask).on('streamEvent', ({ type }) => types.push(type));
    expect(await stream.finalMessage()).toMatchObject({
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 15, cache_read_input_tokens: 5, output_tokens: 7 },
    });
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(sent()['stream_options']).toEqual({ include_usage: true });
  });

  it('asks an older server without stream_options, by its own field for the bound, and estimates the tokens', async () => {
    provider.behave(streams(...chatStream([{ text: 'Hello, world' }], 'stop', { usage: null })));
    const message = await client.messages.stream({ ...ask, model: 'older' }).finalMessage();
    expect(message.usage.output_tokens).toBe(3);
    expect(sent()).toEqual({ model: 'older-model', max_tokens: 100, messages: ask.messages, stream: true });
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('calls tools, %s, and takes their results', async (_, stream) => {
    provider.behave(answers([{ text: 'Let me see.' }, weatherCall, timeCall], 'tool_calls'));
    const request = { ...ask, tools: [weather], tool_choice: { type: 'any' as const } };
    const message = stream
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Zürich' } },
      { type: 'tool_use', id: 'call_2', name: 'time', input: {} },
    ]);
    expect(sent()).toMatchObject({ tool_choice: 'required', tools: [{ function: { name: 'weather' } }] });

    provider.behave(answers([{ text: 'Sunny.' }]));
    await client.messages.create({
      ...ask,
      tools: [weather],
      messages: [
        ...ask.messages,
        { role: 'assistant', content: message.content as Anthropic.ContentBlockParam[] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: 'sun' },
            {
              type: 'tool_result',
              tool_use_id: 'call_2',
              content: [{ type: 'text', text: 'broken' }],
              is_error: true,
            },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
    });
    expect(sent()['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Zürich"}' } },
          { id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
      { role: 'tool', tool_call_id: 'call_2', content: 'Error: broken' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('shows images by URL and as data', async () => {
    await client.messages.create({
      ...ask,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'text', text: 'Compare.' },
          ],
        },
      ],
    });
    expect((sent()['messages'] as unknown[])[0]).toEqual({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        { type: 'text', text: 'Compare.' },
      ],
    });
  });

  it('ends a stream with an error event and without message_stop where the provider breaks off', async () => {
    provider.behave(streamsThenBreaks(...chatStream([{ text: 'Hello' }]).slice(0, 2)));
    const types: string[] = [];
    const stream = client.messages.stream(ask).on('streamEvent', ({ type }) => types.push(type));
    await expect(stream.finalMessage()).rejects.toMatchObject({ type: 'api_error' });
    expect(types).toContain('content_block_delta');
    expect(types).not.toContain('message_stop');
  });

  it("passes on the provider's own error within a stream, translated, as the last event", async () => {
    provider.behave(
      streams(
        ...chatStream([{ text: 'Hello' }]).slice(0, 2),
        'data: {"error":{"message":"Out of memory"}}\n\n',
      ),
    );
    const error: unknown = await client.messages
      .stream(ask)
      .finalMessage()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ type: 'api_error', error: { error: { message: 'Out of memory' } } });
  });

  it('is aborted at the provider when the client leaves its stream, and what was used is known', async () => {
    provider.behave(streamsThenHangs(...chatStream([{ text: 'Hello' }]).slice(0, 2)));
    const stream = client.messages.stream(ask);
    await new Promise((resolve) => stream.on('text', resolve));
    stream.abort();
    await expect(stream.done()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    await provider.closeOf(0);
    await waitFor('the log line', () => gateway.requestLine()?.['outcome'] === 'client_gone');
  });

  it('times out where the provider does not answer', async () => {
    provider.behave(neverAnswers);
    await expect(client.messages.create(ask)).rejects.toMatchObject({ status: 504, type: 'api_error' });
  });
});

describe("OpenAI's errors as the Anthropic SDK throws them", () => {
  it.each([
    [400, 'invalid_request_error', Anthropic.BadRequestError],
    [404, 'not_found_error', Anthropic.NotFoundError],
    [409, 'invalid_request_error', Anthropic.ConflictError],
    [413, 'request_too_large', Anthropic.APIError],
    [422, 'invalid_request_error', Anthropic.UnprocessableEntityError],
    [429, 'rate_limit_error', Anthropic.RateLimitError],
    [500, 'api_error', Anthropic.APIError],
    [503, 'overloaded_error', Anthropic.APIError],
    [504, 'timeout_error', Anthropic.APIError],
  ])('%i', async (status, type, errorClass) => {
    provider.behave(answersJson({ error: { message: 'Theirs.', type: 'some', code: 'some' } }, status));
    const error: unknown = await client.messages.create(ask).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, type, error: { error: { message: 'Theirs.' } } });
  });

  it.each([
    [{ object: 'error', message: 'As vLLM writes it.' }, 'As vLLM writes it.'],
    [{ error: 'As Ollama writes it.' }, 'As Ollama writes it.'],
    [{ detail: [] }, 'The provider answered with an error and no message.'],
  ])('in the shape of %j', async (body, message) => {
    provider.behave(answersJson(body, 400));
    const error: unknown = await client.messages.create(ask).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ error: { error: { message } } });
  });
});

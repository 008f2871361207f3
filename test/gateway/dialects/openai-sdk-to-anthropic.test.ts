import OpenAI from 'openai';
import {
  anthropicErrorBody,
  anthropicErrorEvent,
  anthropicEvents,
  answersMessage,
  text,
} from '../../support/anthropic-messages';
import { startFakeAnthropic } from '../../support/fake-anthropic';
import {
  answersJson,
  neverAnswers,
  streams,
  streamsThenBreaks,
  streamsThenHangs,
} from '../../support/fake-provider';
import type { FakeProvider } from '../../support/fake-provider';
import { startGateway, type RunningGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;
let client: OpenAI;

const ask = { model: 'claude', messages: [{ role: 'user' as const, content: 'Hi' }] };
const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'Tells the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};
const toolUse = { type: 'tool_use' as const, id: 'toolu_1', name: 'weather', input: { city: 'Zürich' } };
const timeUse = { type: 'tool_use' as const, id: 'toolu_2', name: 'time', input: {} };

/** The last request as the provider got it. */
const sent = (): Record<string, unknown> =>
  JSON.parse(provider.received.at(-1)!.body) as Record<string, unknown>;

beforeAll(async () => {
  provider = await startFakeAnthropic();
  gateway = await startGateway({
    secrets: { key: 'sk-ant-provider' },
    config: {
      version: 1,
      access: 'anonymous',
      providers: [{ name: 'anthropic', kind: 'anthropic', baseUrl: provider.baseUrl, apiKeyFile: 'key' }],
      models: [{ name: 'claude', targets: [{ provider: 'anthropic', model: 'claude-model' }] }],
    },
    timings: { upstream: { responseHeadersMs: 2_000 } },
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
});

beforeEach(() => {
  provider.received.length = 0;
  provider.behave(answersMessage([text('Hello')]));
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

describe('A chat completion from Anthropic', () => {
  it('carries the text, the reason of its end, and all tokens of the prompt', async () => {
    const answer = await client.chat.completions.create(ask);
    expect(answer).toMatchObject({
      id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
      object: 'chat.completion',
      model: 'provider-model',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 7,
        total_tokens: 27,
        prompt_tokens_details: { cached_tokens: 5 },
      },
    });
    expect(answer.created).toBeGreaterThan(1_700_000_000);
  });

  it("reaches the provider with the gateway's key and version, and nothing of the client's headers", async () => {
    await client.chat.completions.create(ask, { headers: { 'anthropic-beta': 'x', 'x-api-key': 'client' } });
    const { url, headers } = provider.received[0]!;
    expect(url).toBe('/v1/messages');
    expect(headers).toMatchObject({ 'x-api-key': 'sk-ant-provider', 'anthropic-version': '2023-06-01' });
    expect(headers['anthropic-beta']).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain('client-key');
    expect(sent()).toEqual({
      model: 'claude-model',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    });
  });

  it('streams the text piece by piece, with the usage where it is asked for', async () => {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices: [choice] }) => choice?.delta.content)).toEqual([
      '',
      'Hel',
      'lo',
      undefined,
      undefined,
    ]);
    expect(chunks.map(({ choices: [choice] }) => choice?.finish_reason)).toEqual([
      null,
      null,
      null,
      'stop',
      undefined,
    ]);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 20, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 5 } },
    });
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set(['msg_01XFDUDYJgAACzvnptvVoYEL']));
  });

  it('streams no usage to a client that did not ask, and counts it all the same', async () => {
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      expect(chunk.usage).toBeUndefined();
      expect(chunk.choices).toHaveLength(1);
    }
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('calls tools, %s, and takes their results in one turn', async (_, stream) => {
    provider.behave(answersMessage([text('Let me see.'), toolUse, timeUse], { stopReason: 'tool_use' }));
    const request = { ...ask, tools: [weather], tool_choice: 'required' as const };
    const completion = stream
      ? await client.chat.completions.stream(request).finalChatCompletion()
      : await client.chat.completions.create(request);
    const [choice] = completion.choices;
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me see.',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Zürich"}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'time', arguments: '{}' } },
        ],
      },
    });
    expect(sent()).toMatchObject({ tool_choice: { type: 'any' }, tools: [{ name: 'weather' }] });

    provider.behave(answersMessage([text('Sunny.')]));
    await client.chat.completions.create({
      ...ask,
      tools: [weather],
      messages: [
        ...ask.messages,
        choice!.message,
        { role: 'tool', tool_call_id: 'toolu_1', content: 'sun' },
        { role: 'tool', tool_call_id: 'toolu_2', content: [{ type: 'text', text: 'noon' }] },
        { role: 'user', content: 'And?' },
      ],
    });
    expect(sent()['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: [text('Let me see.'), toolUse, timeUse] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: [text('sun')] },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: [text('noon')] },
          text('And?'),
        ],
      },
    ]);
  });

  it('shows images by URL and as data', async () => {
    await client.chat.completions.create({
      ...ask,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'high' } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            { type: 'text', text: 'Compare.' },
          ],
        },
      ],
    });
    expect((sent()['messages'] as unknown[])[0]).toEqual({
      role: 'user',
      content: [
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        text('Compare.'),
      ],
    });
  });

  it('ends a stream with an error and without [DONE] where the provider breaks off', async () => {
    const events = anthropicEvents([text('Hello')]);
    provider.behave(streamsThenBreaks(...events.slice(0, 4)));
    const received: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true }))
        received.push(chunk);
    };
    await expect(read()).rejects.toMatchObject({ code: 'stream_cut' });
  });

  it("passes on the provider's own error within a stream, translated, as the last event", async () => {
    provider.behave(
      streams(
        ...anthropicEvents([text('Hello')]).slice(0, 4),
        anthropicErrorEvent('overloaded_error', 'Overloaded'),
      ),
    );
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'overloaded' },
      body: JSON.stringify({ ...ask, stream: true }),
    });
    const events = (await response.text()).trimEnd().split('\n\n');
    expect(JSON.parse(events.at(-1)!.replace('data: ', ''))).toEqual({
      error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded_error' },
    });
    expect(events.join()).not.toContain('[DONE]');
    await waitFor('the log line', () => gateway.requestLine('overloaded') !== undefined);
    expect(gateway.requestLine('overloaded')).toMatchObject({ outcome: 'cut', errorSource: 'provider' });
  });

  it('is aborted at the provider when the client leaves its stream', async () => {
    provider.behave(streamsThenHangs(...anthropicEvents([text('Hello')]).slice(0, 4)));
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    await stream[Symbol.asyncIterator]().next();
    stream.controller.abort();
    await provider.closeOf(0);
  });

  it('times out where the provider does not answer', async () => {
    provider.behave(neverAnswers);
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({
      status: 504,
      code: 'provider_timeout',
    });
  });
});

describe("Anthropic's errors as the OpenAI SDK throws them", () => {
  it.each([
    [400, 'invalid_request_error', OpenAI.BadRequestError, 400],
    [404, 'not_found_error', OpenAI.NotFoundError, 404],
    [409, 'conflict_error', OpenAI.ConflictError, 409],
    [413, 'request_too_large', OpenAI.APIError, 413],
    [422, 'invalid_request_error', OpenAI.UnprocessableEntityError, 422],
    [429, 'rate_limit_error', OpenAI.RateLimitError, 429],
    [500, 'api_error', OpenAI.InternalServerError, 500],
    [504, 'timeout_error', OpenAI.InternalServerError, 504],
    [529, 'overloaded_error', OpenAI.InternalServerError, 503],
  ])('%i %s', async (status, type, errorClass, seen) => {
    provider.behave(answersJson(anthropicErrorBody(type, 'Theirs.'), status));
    const error: unknown = await client.chat.completions.create(ask).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status: seen, code: type, error: { message: 'Theirs.' } });
  });

  it('401 is a fault of the gateway, whose key it is', async () => {
    provider.behave(answersJson(anthropicErrorBody('authentication_error', 'invalid x-api-key'), 401));
    const error: unknown = await client.chat.completions.create(ask).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 502, code: 'provider_credentials_rejected' });
  });
});

import Anthropic from '@anthropic-ai/sdk';
import { AzureOpenAI, OpenAI } from 'openai';
import {
  answersJson,
  completion,
  startFakeProvider,
  streams,
  type FakeProvider,
} from '../../support/fake-provider';
import { chatStream } from '../../support/openai-chat';
import { startGateway, type RunningGateway } from '../../support/running-gateway';

let provider: FakeProvider;
let gateway: RunningGateway;
let client: OpenAI;

const text = 'Grüezi, world 😀';

beforeAll(async () => {
  provider = await startFakeProvider();
  const origin = new URL(provider.baseUrl).origin;
  gateway = await startGateway({
    secrets: { key: 'azure-key' },
    config: {
      version: 1,
      access: 'anonymous',
      providers: [
        { name: 'echo', kind: 'echo' },
        { name: 'openai', kind: 'openai', baseUrl: provider.baseUrl },
        { name: 'azure', kind: 'azure-openai', baseUrl: origin, apiVersion: '2024-10-21', apiKeyFile: 'key' },
        { name: 'anthropic', kind: 'anthropic', baseUrl: origin },
      ],
      models: ['echo', 'openai', 'azure', 'anthropic'].map((name) => ({
        name,
        targets: [{ provider: name, model: `${name}/model` }],
      })),
    },
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'x', maxRetries: 0 });
});

beforeEach(() => {
  provider.received.length = 0;
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

describe('The echo provider answers', () => {
  it('a response', async () => {
    const response = await client.responses.create({ model: 'echo', input: text });
    expect(response).toMatchObject({ status: 'completed', output_text: text, usage: { output_tokens: 5 } });
  });

  it('a streamed response, whose pieces are the whole', async () => {
    const stream = client.responses.stream({
      model: 'echo',
      input: [{ role: 'user', content: text.repeat(20) }],
    });
    const pieces: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => pieces.push(delta));
    const response = await stream.finalResponse();
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(text.repeat(20));
    expect(response.output[0]).toMatchObject({ content: [{ type: 'output_text', text: text.repeat(20) }] });
  });

  it('a completion, whole and streamed', async () => {
    const whole = await client.completions.create({ model: 'echo', prompt: text });
    expect(whole.choices[0]).toMatchObject({ text, finish_reason: 'stop' });
    let streamed = '';
    const stream = await client.completions.create({
      model: 'echo',
      prompt: text,
      stream: true,
      stream_options: { include_usage: true },
    });
    let usage: unknown;
    for await (const chunk of stream) {
      streamed += chunk.choices[0]?.text ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(streamed).toBe(text);
    expect(usage).toMatchObject({ completion_tokens: 5 });
  });

  it('a message, whole and streamed', async () => {
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'x', maxRetries: 0 });
    const ask = { model: 'echo', max_tokens: 9, messages: [{ role: 'user' as const, content: text }] };
    const expected = {
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 6, output_tokens: 5 },
    };
    expect(await anthropic.messages.create(ask)).toMatchObject(expected);
    expect(await anthropic.messages.stream(ask).finalMessage()).toMatchObject(expected);
  });

  it('embeddings: the same for the same text, of length 1, in both formats', async () => {
    const embed = async (input: string | string[], format?: 'float'): Promise<number[][]> => {
      const list = await client.embeddings.create({
        model: 'echo',
        input,
        dimensions: 40,
        ...(format && { encoding_format: format }),
      });
      return list.data.map(({ embedding }) => embedding);
    };
    const [first, second] = await embed(['a', 'b']);
    expect(first).toHaveLength(40);
    expect(Math.hypot(...first!)).toBeCloseTo(1, 5);
    expect(first).not.toEqual(second);
    expect(await embed('a')).toEqual([first]);
    expect(await embed('b', 'float')).toEqual([second]);
  });
});

describe('An OpenAI-compatible provider is asked', () => {
  const cases: [string, () => Promise<unknown>][] = [
    ['/v1/responses', () => client.responses.create({ model: 'openai', input: 'x' })],
    ['/v1/embeddings', () => client.embeddings.create({ model: 'openai', input: 'x' })],
    ['/v1/completions', () => client.completions.create({ model: 'openai', prompt: 'x' })],
  ];

  it.each(cases)('at %s, and its answer passed on', async (path, act) => {
    const body = { object: 'anything', output: [], data: [], usage: null, extra: { kept: true } };
    provider.behave(answersJson(body));
    expect(await act()).toMatchObject({ object: 'anything', extra: { kept: true } });
    expect(provider.received[0]!.url).toBe(path);
    expect(JSON.parse(provider.received[0]!.body).model).toBe('openai/model');
  });

  it('for a streamed response, which ends with its own last event', async () => {
    const event = (type: string, fields: object): string =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, ...fields })}\n\n`;
    provider.behave(
      streams(
        event('response.output_text.delta', { delta: 'a' }),
        event('response.completed', { response: { output: [], usage: null } }),
      ),
    );
    const types: string[] = [];
    for await (const { type } of await client.responses.create({ model: 'openai', input: 'x', stream: true }))
      types.push(type);
    expect(types).toEqual(['response.output_text.delta', 'response.completed']);
    expect(JSON.parse(provider.received[0]!.body)).toEqual({
      model: 'openai/model',
      input: 'x',
      stream: true,
    });
  });

  it('and a streamed response without its last event was cut', async () => {
    provider.behave(streams('event: response.created\ndata: {"type":"response.created"}\n\n'));
    const read = async (): Promise<void> => {
      const types: string[] = [];
      for await (const { type } of await client.responses.create({
        model: 'openai',
        input: 'x',
        stream: true,
      }))
        types.push(type);
    };
    await expect(read()).rejects.toMatchObject({ code: 'stream_cut' });
  });
});

describe('Azure OpenAI is asked', () => {
  it('as its own SDK asks it: deployment in the path, version in the query, key in its header', async () => {
    provider.behave(answersJson(completion('a')));
    const azure = new AzureOpenAI({
      endpoint: new URL(provider.baseUrl).origin,
      apiKey: 'azure-key',
      apiVersion: '2024-10-21',
      deployment: 'azure-model',
    });
    const ask = { model: 'azure', messages: [{ role: 'user' as const, content: 'x' }] };
    await azure.chat.completions.create(ask);
    await client.chat.completions.create(ask);
    const [direct, through] = provider.received;
    expect(through!.url).toBe(direct!.url.replace('azure-model', 'azure%2Fmodel'));
    expect(through!.headers['api-key']).toBe(direct!.headers['api-key']);
    expect(through!.headers.authorization).toBeUndefined();
  });

  it.each<[string, (model: string) => Promise<unknown>]>([
    ['/openai/responses?api-version=2024-10-21', (model) => client.responses.create({ model, input: 'x' })],
    [
      '/openai/deployments/azure%2Fmodel/embeddings?api-version=2024-10-21',
      (model) => client.embeddings.create({ model, input: 'x' }),
    ],
    [
      '/openai/deployments/azure%2Fmodel/completions?api-version=2024-10-21',
      (model) => client.completions.create({ model, prompt: 'x' }),
    ],
  ])('at %s', async (url, act) => {
    provider.behave(answersJson({ object: 'x', data: [], output: [] }));
    await act('azure');
    expect(provider.received[0]!.url).toBe(url);
    expect(JSON.parse(provider.received[0]!.body).model).toBe('azure/model');
  });

  it('for a stream, with its usage', async () => {
    provider.behave(streams(...chatStream([{ text: 'Hello' }])));
    const stream = client.chat.completions.stream({
      model: 'azure',
      messages: [{ role: 'user', content: 'x' }],
    });
    expect((await stream.finalChatCompletion()).choices[0]!.message.content).toBe('Hello');
    expect(JSON.parse(provider.received[0]!.body).stream_options).toEqual({ include_usage: true });
  });
});

describe('Anthropic has no equal for', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['/v1/responses', () => client.responses.create({ model: 'anthropic', input: 'x' })],
    ['/v1/embeddings', () => client.embeddings.create({ model: 'anthropic', input: 'x' })],
    ['/v1/completions', () => client.completions.create({ model: 'anthropic', prompt: 'x' })],
  ])('%s, and is not asked', async (path, act) => {
    const error: unknown = await act().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({
      code: 'unsupported_by_provider',
      param: 'model',
      message: expect.stringContaining(path),
    });
    expect(provider.received).toHaveLength(0);
  });
});

describe('A request without its prompt is refused', () => {
  it.each([
    ['/v1/embeddings', 'input'],
    ['/v1/completions', 'prompt'],
    ['/v1/chat/completions', 'messages'],
  ])('at %s, naming the field', async (path, param) => {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param } });
  });
});

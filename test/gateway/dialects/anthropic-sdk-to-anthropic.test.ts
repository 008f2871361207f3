import { createHash } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import {
  anthropicErrorBody,
  anthropicErrorEvent,
  anthropicEvents,
  anthropicMessage,
  answersMessage,
  text,
} from '../../support/anthropic-messages';
import { startFakeAnthropic } from '../../support/fake-anthropic';
import { answersJson, streams, streamsThenBreaks, type FakeProvider } from '../../support/fake-provider';
import { startGateway, type RunningGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;
let client: Anthropic;

const ask = { model: 'claude', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] };
const toolUse = { type: 'tool_use' as const, id: 'toolu_1', name: 'weather', input: { city: 'Zürich' } };

beforeAll(async () => {
  provider = await startFakeAnthropic();
  gateway = await startGateway({
    secrets: { key: 'sk-ant-provider' },
    config: {
      version: 1,
      access: 'keys',
      tenants: [{ name: 't', keys: [{ sha256: createHash('sha256').update('client-key').digest('hex') }] }],
      providers: [{ name: 'anthropic', kind: 'anthropic', baseUrl: provider.baseUrl, apiKeyFile: 'key' }],
      models: [{ name: 'claude', targets: [{ provider: 'anthropic', model: 'claude-model' }] }],
    },
  });
  client = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
});

beforeEach(() => {
  provider.received.length = 0;
  provider.behave(answersMessage([text('Hello')]));
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

const post = (body: object, headers: Record<string, string>): Promise<Response> =>
  fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('A message from Anthropic', () => {
  it('is passed on as it is, both ways, with all fields', async () => {
    const request = {
      ...ask,
      top_k: 3,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    };
    const response = await post(request, { authorization: 'Bearer client-key' });
    expect(await response.text()).toBe(JSON.stringify(anthropicMessage([text('Hello')])));
    expect(JSON.parse(provider.received[0]!.body)).toEqual({ ...request, model: 'claude-model' });
  });

  it("keeps the client's version and betas, which say what its body means, and none of its credentials", async () => {
    await client.messages.create(ask, { headers: { 'anthropic-beta': 'some-2026-01-01,other' } });
    const { url, headers } = provider.received[0]!;
    expect(url).toBe('/v1/messages');
    expect(headers).toMatchObject({
      'x-api-key': 'sk-ant-provider',
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'some-2026-01-01,other',
    });
    expect(JSON.stringify(headers)).not.toContain('client-key');
    await post(ask, { 'x-api-key': 'client-key', 'anthropic-version': 'newest' });
    expect(provider.received[1]!.headers['anthropic-version']).toBe('2023-06-01');
  });

  it('streams byte by byte as the provider wrote it', async () => {
    const events = anthropicEvents([
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      text('Hello'),
      toolUse,
    ]);
    provider.behave(streams(...events));
    const response = await post({ ...ask, stream: true }, { 'x-api-key': 'client-key' });
    expect(await response.text()).toBe(events.join(''));
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('calls tools, %s', async (_, stream) => {
    provider.behave(answersMessage([text('Let me see.'), toolUse], { stopReason: 'tool_use' }));
    const request = { ...ask, tools: [{ name: 'weather', input_schema: { type: 'object' as const } }] };
    const message = stream
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([text('Let me see.'), toolUse]);
  });

  it('ends a stream with an error event where the provider breaks off', async () => {
    provider.behave(streamsThenBreaks(...anthropicEvents([text('Hello')]).slice(0, 4)));
    await expect(client.messages.stream(ask).finalMessage()).rejects.toMatchObject({ type: 'api_error' });
  });

  it("adds nothing to the provider's own error event", async () => {
    const events = [
      ...anthropicEvents([text('Hello')]).slice(0, 4),
      anthropicErrorEvent('overloaded_error', 'Overloaded'),
    ];
    provider.behave(streams(...events));
    const headers = { 'x-api-key': 'client-key', 'x-request-id': 'overloaded' };
    expect(await (await post({ ...ask, stream: true }, headers)).text()).toBe(events.join(''));
    await waitFor('the log line', () => gateway.requestLine('overloaded') !== undefined);
    expect(gateway.requestLine('overloaded')).toMatchObject({ outcome: 'cut', errorCode: 'provider_error' });
  });

  it('passes errors on as they are, and names the request by the header that the SDK reads', async () => {
    const body = anthropicErrorBody('overloaded_error', 'Overloaded');
    provider.behave(answersJson(body, 529));
    const options = { headers: { 'x-request-id': 'named' } };
    const error: unknown = await client.messages.create(ask, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      status: 529,
      type: 'overloaded_error',
      error: body,
      requestID: 'named',
    });
  });
});

describe("The gateway's own errors as the Anthropic SDK throws them", () => {
  const caught = (act: Promise<unknown>): Promise<unknown> => act.catch((thrown: unknown) => thrown);

  it('an unknown key', async () => {
    const stranger = new Anthropic({ baseURL: gateway.url, apiKey: 'wrong', maxRetries: 0 });
    expect(await caught(stranger.messages.create(ask))).toBeInstanceOf(Anthropic.AuthenticationError);
  });

  it('an unknown model', async () => {
    const error = await caught(client.messages.create({ ...ask, model: 'none' }));
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error).toMatchObject({ type: 'not_found_error' });
  });

  it('a body that is no message', async () => {
    const error = await caught(client.messages.create({ ...ask, messages: [] }));
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error).toMatchObject({ type: 'invalid_request_error' });
  });
});

describe('The key of a client that speaks the Anthropic dialect', () => {
  it.each([
    [{ 'x-api-key': 'client-key' }, 200],
    [{ authorization: 'Bearer client-key' }, 200],
    [{ 'x-api-key': 'client-key', authorization: 'Bearer wrong' }, 200],
    [{ 'x-api-key': 'wrong', authorization: 'Bearer client-key' }, 401],
    [{ 'x-api-key': 'Bearer client-key' }, 401],
    [{}, 401],
  ])('sent as %j is answered %i', async (headers, status) => {
    expect((await post(ask, headers as Record<string, string>)).status).toBe(status);
  });

  it('is not taken from x-api-key in the OpenAI dialect', async () => {
    const response = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': 'client-key' } });
    expect(response.status).toBe(401);
  });
});

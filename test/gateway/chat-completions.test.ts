import { headers } from '../../gateway-app/contract/headers';
import {
  answersJson,
  chunkEvent,
  completion,
  done,
  startFakeProvider,
  streams,
} from '../support/fake-provider';
import type { FakeProvider } from '../support/fake-provider';
import { jsonOf } from '../support/json';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    secrets: { 'api-key': 'sk-provider' },
    config: {
      version: 1,
      access: 'anonymous',
      providers: [
        { name: 'echo', kind: 'echo' },
        { name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'api-key' },
      ],
      models: [
        { name: 'echo', targets: [{ provider: 'echo', model: 'echo' }] },
        { name: 'm', targets: [{ provider: 'up', model: 'provider-model' }] },
      ],
    },
  });
});

beforeEach(() => {
  provider.received.length = 0;
  provider.behave(answersJson(completion('Hello')));
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

describe('The echo provider', () => {
  it('answers with the last user message and its usage', async () => {
    const response = await postChat(gateway, {
      model: 'echo',
      messages: [
        { role: 'user', content: 'first' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'lä' },
            { type: 'text', text: 'st' },
          ],
        },
        { role: 'assistant', content: 'not me' },
      ],
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await jsonOf(response)).toMatchObject({
      object: 'chat.completion',
      model: 'echo',
      choices: [{ message: { role: 'assistant', content: 'läst' }, finish_reason: 'stop' }],
      usage: { completion_tokens: 2 },
    });
  });

  it('streams the message in pieces that break no character, and reports usage where it is asked to', async () => {
    const content = '😀'.repeat(100);
    const response = await postChat(gateway, {
      model: 'echo',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content }],
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks: { choices: { delta: { content?: string } }[] }[] = JSON.parse(
      `[${events
        .slice(0, -1)
        .map((event) => event.replace('data: ', ''))
        .join()}]`,
    );
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(2);
    expect(pieces.every((piece) => !/[\ud800-\udfff]/u.test(piece))).toBe(true);
    expect(pieces.join('')).toBe(content);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 100 } });
  });

  it('answers an empty message with an empty one', async () => {
    const response = await postChat(gateway, { model: 'echo', messages: [{ role: 'system', content: 'x' }] });
    expect((await jsonOf(response)).choices[0].message.content).toBe('');
  });
});

describe('A request to an OpenAI-compatible provider', () => {
  it("carries the provider's key and model, and nothing of the client's headers", async () => {
    const response = await postChat(
      gateway,
      { temperature: 0.5, unknown_field: { kept: true } },
      {
        headers: {
          authorization: 'Bearer client-secret',
          'x-api-key': 'client-secret',
          cookie: 'client-secret',
          'proxy-authorization': 'client-secret',
          'x-forwarded-host': 'elsewhere',
          'openai-organization': 'client-organization',
        },
      },
    );
    expect(await jsonOf(response)).toEqual(completion('Hello'));
    const [request] = provider.received;
    expect(request?.url).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe('Bearer sk-provider');
    expect(Object.keys(request!.headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
    expect(JSON.stringify(request)).not.toContain('client-secret');
    expect(JSON.parse(request!.body)).toEqual({
      model: 'provider-model',
      messages: [{ role: 'user', content: 'Hi' }],
      temperature: 0.5,
      unknown_field: { kept: true },
    });
  });

  it('means the same to both where a key is written twice', async () => {
    const body =
      '{"model":"echo","model":"m","messages":[],"messages":[{"role":"user","content":"2"}],"n":9,"n":1}';
    await postChat(gateway, {}, { body });
    const sent = provider.received[0]!.body;
    expect(sent.match(/"model"/g)).toHaveLength(1);
    expect(JSON.parse(sent)).toEqual({
      model: 'provider-model',
      messages: [{ role: 'user', content: '2' }],
      n: 1,
    });
  });

  it('passes on __proto__ and lone surrogates as the data that they are', async () => {
    const body =
      '{"model":"m","messages":[{"role":"user","content":"\\ud800"}],"__proto__":{"polluted":true}}';
    const response = await postChat(gateway, {}, { body });
    expect(response.status).toBe(200);
    expect(provider.received[0]!.body).toContain('"__proto__":{"polluted":true}');
    expect(provider.received[0]!.body).toContain('\\ud800');
    expect({}).not.toHaveProperty('polluted');
  });

  it('streams the bytes of the provider unchanged', async () => {
    const events = [': hello\n\n', chunkEvent('a'), chunkEvent('ü😀').replaceAll('\n', '\r\n'), done];
    provider.behave(streams(...events));
    const response = await postChat(gateway, { stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(await response.text()).toBe(events.join(''));
    expect(JSON.parse(provider.received[0]!.body)).toMatchObject({ stream: true });
    expect(provider.received[0]!.headers.accept).toBe('text/event-stream');
  });

  it('keeps the path of the base URL, with or without a slash at its end', async () => {
    const baseUrl = `${provider.baseUrl}/compatible/`;
    const other = await startGateway({ config: configFor(baseUrl) });
    await postChat(other);
    expect(provider.received[0]!.url).toBe('/v1/compatible/chat/completions');
    expect(provider.received[0]!.headers.authorization).toBeUndefined();
    await other.close();
  });
});

describe('Every answer', () => {
  it("carries the client's request id where it is well-formed", async () => {
    const response = await postChat(gateway, {}, { headers: { [headers.requestId]: 'abc-1.2_3' } });
    expect(response.headers.get(headers.requestId)).toBe('abc-1.2_3');
    expect(response.headers.get(headers.error)).toBeNull();
  });

  it.each(['a b', '{"level":"fatal"}', 'x'.repeat(129)])(
    'carries a new request id in place of %s',
    async (sent) => {
      const response = await fetch(`${gateway.url}/v1/models`, { headers: { [headers.requestId]: sent } });
      expect(response.headers.get(headers.requestId)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe('The request log', () => {
  it('says in one line who asked, what for, and how it ended, and neither prompt nor key', async () => {
    const response = await postChat(
      gateway,
      { messages: [{ role: 'user', content: 'a very private prompt' }] },
      { headers: { authorization: 'Bearer client-secret', [headers.requestId]: 'logged-1' } },
    );
    await response.text();
    expect(gateway.requestLine('logged-1')).toMatchObject({
      level: 'info',
      route: 'chat_completions',
      tenant: 'anonymous',
      model: 'm',
      provider: 'up',
      stream: false,
      status: 200,
      outcome: 'finished',
      errorSource: 'none',
      upstreamResult: 200,
      durationMs: expect.any(Number),
      overheadMs: expect.any(Number),
      upstreamMs: expect.any(Number),
    });
    const log = JSON.stringify(gateway.logLines);
    expect(log).not.toContain('private prompt');
    expect(log).not.toContain('client-secret');
    expect(log).not.toContain('sk-provider');
  });
});

import { createHash } from 'node:crypto';
import type { OpenAI } from 'openai';
import { anthropicEvents, answersMessage, text } from '../../support/anthropic-messages';
import { dataOf } from '../../support/accumulate';
import {
  answersJson,
  startFakeProvider,
  streams,
  streamsThenHangs,
  type FakeProvider,
} from '../../support/fake-provider';
import { chatStream, completionWith } from '../../support/openai-chat';
import { startGateway, type LogLine, type RunningGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;
let requests = 0;

beforeEach(async () => {
  provider = await startFakeProvider();
  const origin = new URL(provider.baseUrl).origin;
  const price = {
    inputUsdPerMillionTokens: 2,
    cachedInputUsdPerMillionTokens: 1,
    outputUsdPerMillionTokens: 10,
  };
  gateway = await startGateway({
    config: {
      version: 1,
      access: 'keys',
      tenants: [{ name: 't', keys: [{ sha256: createHash('sha256').update('key').digest('hex') }] }],
      providers: [
        { name: 'openai', kind: 'openai', baseUrl: provider.baseUrl },
        { name: 'older', kind: 'openai', baseUrl: provider.baseUrl, streamUsage: 'estimate' },
        { name: 'anthropic', kind: 'anthropic', baseUrl: origin },
      ],
      models: [
        { name: 'm', targets: [{ provider: 'openai', model: 'm', price }] },
        { name: 'older', targets: [{ provider: 'older', model: 'm' }] },
        { name: 'claude', targets: [{ provider: 'anthropic', model: 'm' }] },
      ],
    },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const prompt = '12345678';

async function ask(path: string, fields: object): Promise<{ id: string; response: Response }> {
  const id = `request-${(requests += 1)}`;
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key', 'x-request-id': id },
    body: JSON.stringify({ model: 'm', ...fields }),
  });
  return { id, response };
}

const chat = (fields: object = {}): ReturnType<typeof ask> =>
  ask('/v1/chat/completions', { messages: [{ role: 'user', content: prompt }], ...fields });

async function lineOf(id: string): Promise<LogLine> {
  await waitFor('the log line', () => gateway.requestLine(id) !== undefined);
  return gateway.requestLine(id)!;
}

const tokens = (model: string, type: string): Promise<number> =>
  gateway.metric('gateway_tokens_total', { model, token_type: type });

const reported = { inputTokens: 20, cachedInputTokens: 5, outputTokens: 7, tokensEstimated: false };

describe('The tokens of an answer', () => {
  it('are logged, counted, and paid by the price of the model and for the tenant', async () => {
    provider.behave(answersJson(completionWith([{ text: 'Hello' }])));
    const { id, response } = await chat();
    await response.text();
    expect(await lineOf(id)).toMatchObject(reported);
    expect(await tokens('m', 'input')).toBe(15);
    expect(await tokens('m', 'cached_input')).toBe(5);
    expect(await tokens('m', 'output')).toBe(7);
    const cost = (15 * 2 + 5 * 1 + 7 * 10) / 1e6;
    expect(await gateway.metric('gateway_cost_usd_total', { model: 'm' })).toBeCloseTo(cost, 12);
    expect(await gateway.metric('gateway_tenant_cost_usd_total', { tenant: 't' })).toBeCloseTo(cost, 12);
  });

  it('are those of each stream too, whose chunk with them a client sees only where it asked for it', async () => {
    provider.behave(streams(...chatStream([{ text: 'Hello' }])));
    const unasked = await chat({ stream: true });
    const seen = await unasked.response.text();
    expect(seen).toBe([...chatStream([{ text: 'Hello' }]).slice(0, -2), 'data: [DONE]\n\n'].join(''));
    expect(await lineOf(unasked.id)).toMatchObject(reported);

    const asked = await chat({ stream: true, stream_options: { include_usage: true } });
    expect(dataOf<OpenAI.ChatCompletionChunk>(await asked.response.text()).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 20 },
    });
    for (const { body } of provider.received) {
      expect(JSON.parse(body).stream_options).toEqual({ include_usage: true });
    }
    const labels = { provider: 'openai', model: 'm' };
    expect(await gateway.metric('gateway_upstream_time_per_output_token_seconds_count', labels)).toBe(2);
  });

  it("keep the client's other stream options", async () => {
    provider.behave(streams(...chatStream([{ text: 'a' }])));
    await (await chat({ stream: true, stream_options: { include_obfuscation: false } })).response.text();
    expect(JSON.parse(provider.received[0]!.body).stream_options).toEqual({
      include_obfuscation: false,
      include_usage: true,
    });
  });

  it('are estimated where the provider is not to be asked', async () => {
    provider.behave(streams(...chatStream([{ text: 'Hello, world' }], 'stop', { usage: null })));
    const { id, response } = await chat({ model: 'older', stream: true });
    await response.text();
    expect(JSON.parse(provider.received[0]!.body).stream_options).toBeUndefined();
    expect(await lineOf(id)).toMatchObject({ inputTokens: 3, outputTokens: 3, tokensEstimated: true });
    expect(await tokens('older', 'output')).toBe(3);
  });

  it('are known up to the moment in which the client leaves', async () => {
    provider.behave(streamsThenHangs(...chatStream([{ text: 'x'.repeat(400) }]).slice(0, -3)));
    const { id, response } = await chat({ stream: true });
    const reader = response.body!.getReader();
    const both = 'x'.repeat(200);
    for (let seen = ''; seen.split(both).length < 3;)
      seen += Buffer.from((await reader.read()).value).toString();
    await reader.cancel();
    expect(await lineOf(id)).toMatchObject({
      outcome: 'client_gone',
      outputTokens: 100,
      tokensEstimated: true,
    });
    expect(await tokens('m', 'output')).toBe(100);
  });

  it('of Anthropic are counted by its own words, and half known where its stream is left early', async () => {
    provider.behave(answersMessage([text('Hello')]));
    const whole = await chat({ model: 'claude' });
    await whole.response.text();
    expect(await lineOf(whole.id)).toMatchObject(reported);
    const body = {
      model: 'claude',
      max_tokens: 9,
      stream: true,
      messages: [{ role: 'user', content: prompt }],
    };
    const streamed = await ask('/v1/messages', body);
    await streamed.response.text();
    expect(await lineOf(streamed.id)).toMatchObject(reported);

    provider.behave(streams(...anthropicEvents([text('12345678')]).slice(0, -2)));
    const cut = await ask('/v1/messages', body);
    await cut.response.text();
    const expected = {
      outcome: 'cut',
      inputTokens: 20,
      cachedInputTokens: 5,
      outputTokens: 2,
      tokensEstimated: true,
    };
    expect(await lineOf(cut.id)).toMatchObject(expected);
  });

  it('of embeddings are those of the input alone', async () => {
    provider.behave(answersJson({ object: 'list', data: [], usage: { prompt_tokens: 8, total_tokens: 8 } }));
    const { id, response } = await ask('/v1/embeddings', { input: 'x' });
    await response.text();
    expect(await lineOf(id)).toMatchObject({ inputTokens: 8, outputTokens: 0, tokensEstimated: false });
  });

  it('are none where the provider answered with an error, or was never reached', async () => {
    provider.behave(answersJson({ error: { message: 'no' } }, 500));
    const { id, response } = await chat();
    await response.text();
    expect(await lineOf(id)).not.toHaveProperty('inputTokens');
    await provider.close();
    const unreachable = await chat();
    await unreachable.response.text();
    expect(await lineOf(unreachable.id)).not.toHaveProperty('inputTokens');
    expect(await gateway.metric('gateway_tokens_total')).toBe(0);
  });
});

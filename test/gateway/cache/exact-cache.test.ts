import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import OpenAI from 'openai';
import { stringify } from 'yaml';
import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import {
  answersJson,
  chunkEvent,
  completion,
  done,
  type FakeProvider,
  startFakeProvider,
  streams,
  streamsThenBreaks,
} from '../../support/fake-provider';
import { configFor, postChat, type RunningGateway, startGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const deterministic = { temperature: 0 };
const as = (key: string, more: Record<string, string> = {}): RequestInit => ({
  headers: { authorization: `Bearer ${key}`, ...more },
});

let provider: FakeProvider;
let gateway: RunningGateway;

const config = (changes: Partial<RuntimeConfigInput> = {}): RuntimeConfigInput =>
  configFor(provider.baseUrl, {
    access: 'keys',
    cache: { maxEntryBytes: 4096 },
    models: [
      {
        name: 'm',
        targets: [
          {
            provider: 'up',
            model: 'provider-model',
            price: { inputUsdPerMillionTokens: 0, outputUsdPerMillionTokens: 1_000_000 },
          },
        ],
      },
    ],
    tenants: ['first', 'second'].map((name) => ({ name, keys: [{ sha256: sha256(name) }] })),
    ...changes,
  });

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({ config: config() });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

async function ask(
  fields: object = deterministic,
  init: RequestInit = as('first'),
): Promise<{ cache: string | null; age: string | null; status: number; text: string }> {
  const response = await postChat(gateway, fields as Record<string, unknown>, init);
  const { headers, status } = response;
  return {
    cache: headers.get('x-gateway-cache'),
    age: headers.get('age'),
    status,
    text: await response.text(),
  };
}

describe('The same request again', () => {
  it('is answered from memory, byte for byte, with its age', async () => {
    const first = await ask();
    const second = await ask();
    expect(first).toMatchObject({ cache: 'miss', status: 200, age: null });
    expect(second).toEqual({ ...first, cache: 'hit', age: '0' });
    expect(provider.received).toHaveLength(1);
  });

  it('is the same whatever the order and blanks of its JSON', async () => {
    await ask();
    const body = '{ "messages": [{"content":"Hi","role":"user"}], "temperature": 0.0, "model": "m" }';
    const response = await postChat(gateway, {}, { ...as('first'), body });
    expect(response.headers.get('x-gateway-cache')).toBe('hit');
  });

  it('is answered as a stream where it asks for one, from the stream alone', async () => {
    const events = [chunkEvent('Hel'), chunkEvent('lo'), done];
    provider.behave(streams(...events));
    const first = await ask({ ...deterministic, stream: true });
    const second = await ask({ ...deterministic, stream: true });
    expect(second).toMatchObject({ cache: 'hit', text: first.text });
    expect(first.text).toBe(events.join(''));
    provider.behave(answersJson(completion('Hello')));
    expect(await ask()).toMatchObject({ cache: 'miss' });
  });

  it('is read by the official SDK from a stream that was kept', async () => {
    provider.behave(streams(chunkEvent('Hel'), chunkEvent('lo'), done));
    const client = new OpenAI({ apiKey: 'first', baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const read = async (): Promise<string> => {
      const messages = [{ role: 'user' as const, content: 'Hi' }];
      const stream = await client.chat.completions.create({
        model: 'm',
        messages,
        temperature: 0,
        stream: true,
      });
      let text = '';
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
      return text;
    };
    expect([await read(), await read()]).toEqual(['Hello', 'Hello']);
    expect(provider.received).toHaveLength(1);
  });

  it('costs no tokens and no money, and is told apart in metrics, log and audit', async () => {
    await ask();
    await ask();
    expect(await gateway.metric('gateway_tenant_cost_usd_total', { tenant: 'first' })).toBe(1);
    expect(await gateway.metric('gateway_upstream_requests_total', { provider: 'up' })).toBe(1);
    expect(await gateway.metric('gateway_requests_total', { status: '200', provider: 'up' })).toBe(1);
    expect(await gateway.metric('gateway_requests_total', { status: '200', provider: 'none' })).toBe(1);
    const results = { miss: 1, hit: 1, bypass: 0, error: 0 };
    for (const [result, count] of Object.entries(results)) {
      expect(await gateway.metric('gateway_cache_requests_total', { cache: 'exact', result })).toBe(count);
    }
    expect(await gateway.metric('gateway_cache_bytes')).toBeGreaterThan(0);
    expect(gateway.requestLine()).toMatchObject({ cache: 'hit', model: 'm' });
    expect(gateway.requestLine()).not.toHaveProperty('provider');
    await waitFor('the audit', () => gateway.auditText().includes(`"model":"m","cache":"hit"`));
  });
});

describe('Another request', () => {
  it('of another tenant never gets the answer', async () => {
    await ask();
    expect(await ask(deterministic, as('second'))).toMatchObject({ cache: 'miss' });
    expect(provider.received).toHaveLength(2);
  });

  it('with a wrong key gets nothing', async () => {
    await ask();
    expect(await ask(deterministic, as('wrong'))).toMatchObject({ status: 401, cache: null });
  });

  it('that differs in any field goes to the provider', async () => {
    await ask();
    expect(await ask({ ...deterministic, max_tokens: 5 })).toMatchObject({ cache: 'miss' });
    expect(await ask({ ...deterministic, unknown_field: 1 })).toMatchObject({ cache: 'miss' });
    expect(provider.received).toHaveLength(3);
  });

  it('that is not deterministic goes to the provider each time, unless its client opts in', async () => {
    expect([(await ask({})).cache, (await ask({})).cache]).toEqual(['bypass', 'bypass']);
    const init = as('first', { 'x-gateway-cache': 'on' });
    expect([(await ask({}, init)).cache, (await ask({}, init)).cache]).toEqual(['miss', 'hit']);
  });

  it.each([
    ['no-store', ['bypass', 'bypass', 'miss']],
    ['no-cache', ['miss', 'miss', 'hit']],
    ['max-age=0', ['miss', 'miss', 'hit']],
    ['max-age=60', ['miss', 'hit', 'hit']],
  ])('with Cache-Control %s is answered accordingly', async (directive, expected) => {
    const init = as('first', { 'cache-control': directive });
    const seen = [(await ask(deterministic, init)).cache, (await ask(deterministic, init)).cache];
    expect([...seen, (await ask()).cache]).toEqual(expected);
  });

  it('that is nested too deeply to be compared is passed on', async () => {
    const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown;
    expect(await ask({ ...deterministic, metadata: deep })).toMatchObject({ status: 200, cache: 'bypass' });
    expect(await gateway.metric('gateway_cache_requests_total', { result: 'error' })).toBe(1);
  });
});

describe('Only good answers are kept:', () => {
  it.each([
    ['no error of the provider', answersJson({ error: { message: 'no' } }, 400)],
    ['no answer that is too long', answersJson(completion('x'.repeat(5_000)))],
    ['no answer that is no JSON', answersJson([] as object)],
  ])('%s', async (_case, behaviour) => {
    provider.behave(behaviour);
    await ask();
    provider.behave(answersJson(completion('Hello')));
    expect(await ask()).toMatchObject({ cache: 'miss', status: 200 });
  });

  it('no stream that was cut', async () => {
    provider.behave(streamsThenBreaks(chunkEvent('Hel')));
    await ask({ ...deterministic, stream: true });
    provider.behave(streams(chunkEvent('Hello'), done));
    const again = await ask({ ...deterministic, stream: true });
    expect(again).toMatchObject({ cache: 'miss', text: expect.stringContaining('Hello') });
  });
});

describe('A changed configuration', () => {
  const reload = async (changes: Partial<RuntimeConfigInput>): Promise<void> => {
    const count = await gateway.metric('gateway_config_reloads_total', { result: 'success' });
    writeFileSync(gateway.configFile, stringify(config(changes)));
    await waitFor(
      'the reload',
      async () => (await gateway.metric('gateway_config_reloads_total', { result: 'success' })) > count,
    );
  };

  it('that takes a model from a tenant takes its kept answers too', async () => {
    await ask();
    const [first, second] = config().tenants!;
    const models = [...config().models, { name: 'other', targets: config().models[0]!.targets }];
    await reload({ models, tenants: [{ ...first!, models: ['other'] }, second!] });
    expect(await ask()).toMatchObject({ status: 403 });
  });

  it('that sends the model elsewhere forgets what came from the old place', async () => {
    await ask();
    const models = [{ name: 'm', targets: [{ provider: 'up', model: 'another-model' }] }];
    await reload({ models });
    expect(await ask()).toMatchObject({ cache: 'miss' });
    expect(provider.received.at(-1)?.body).toContain('another-model');
  });

  it('that concerns neither leaves the answers', async () => {
    await ask();
    await reload({ limits: { maxBodyBytes: 1_000_000 } });
    expect(await ask()).toMatchObject({ cache: 'hit' });
  });
});

it('Without a cache in its configuration a gateway says nothing of one', async () => {
  const { cache: _cache, ...without } = config();
  const other = await startGateway({ config: without });
  const responses = [
    await postChat(other, deterministic, as('first')),
    await postChat(other, deterministic, as('first')),
  ];
  await other.close();
  expect(responses.map(({ headers }) => headers.get('x-gateway-cache'))).toEqual([null, null]);
  expect(provider.received).toHaveLength(2);
});

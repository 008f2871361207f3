import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import OpenAI, { RateLimitError } from 'openai';
import { stringify } from 'yaml';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import {
  answersJson,
  chunkEvent,
  completion,
  startFakeProvider,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { ScriptedServer } from '../support/upstream/scripted-server';
import { waitFor } from '../support/wait';

type TenantLimits = NonNullable<NonNullable<RuntimeConfigInput['tenants']>[number]['limits']>;

const ask = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

/** Two tenants with these limits each, whose keys are `first` and `second`. */
function configWith(limits: TenantLimits, global: TenantLimits = {}): RuntimeConfigInput {
  return configFor(provider.baseUrl, {
    access: 'keys',
    models: [
      {
        name: 'm',
        targets: [
          {
            provider: 'up',
            model: 'provider-model',
            // The fake provider reports a token each way: a request costs one USD.
            price: { inputUsdPerMillionTokens: 0, outputUsdPerMillionTokens: 1_000_000 },
          },
        ],
      },
    ],
    tenants: ['first', 'second'].map((name) => ({ name, keys: [{ sha256: sha256(name) }], limits })),
    limits: { global },
  });
}

async function start(limits: TenantLimits, global?: TenantLimits): Promise<void> {
  gateway = await startGateway({ config: configWith(limits, global) });
}

function client(key = 'first', maxRetries = 0): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries });
}

async function refusalOf(request: Promise<unknown>): Promise<RateLimitError> {
  const error = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RateLimitError)) throw new Error(`expected a RateLimitError, not ${String(error)}`);
  return error;
}

const header = (error: RateLimitError, name: string): string | null => error.headers.get(name);

const rejections = (limit: string, scope: string): Promise<number> =>
  gateway.metric('gateway_rate_limit_rejections_total', { route: 'chat_completions', limit, scope });

describe('A tenant over its limit', () => {
  it('of requests meets a RateLimitError that says when to ask again, and the provider hears nothing', async () => {
    await start({ requestsPerSecond: 0.1, burst: 2 });
    const { response } = await client().chat.completions.create(ask).withResponse();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(response.headers.get('x-ratelimit-reset-requests')).toMatch(/^(10|9\.\d+)s$/);
    await client().chat.completions.create(ask);
    const error = await refusalOf(client().chat.completions.create(ask));
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
    expect(Number(header(error, 'retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(header(error, 'retry-after'))).toBeLessThanOrEqual(10);
    expect(header(error, 'x-ratelimit-remaining-requests')).toBe('0');
    expect(header(error, 'x-gateway-error')).toBe('rate_limit_exceeded; source=policy');
    expect(provider.received).toHaveLength(2);
    expect(await rejections('requests', 'client')).toBe(1);
    expect(await gateway.metric('gateway_requests_total', { status: '429', error_source: 'policy' })).toBe(1);
  });

  it('is admitted when the SDK has waited as long as it was told', async () => {
    await start({ requestsPerSecond: 0.5, burst: 1 });
    await client().chat.completions.create(ask);
    // The SDK sleeps for Retry-After before its only further attempt.
    const answer = await client('first', 1).chat.completions.create(ask);
    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(await rejections('requests', 'client')).toBe(1);
  });

  it('does not take from others', async () => {
    await start({ requestsPerSecond: 0.001, burst: 1 });
    await client().chat.completions.create(ask);
    await refusalOf(client().chat.completions.create(ask));
    await client('second').chat.completions.create(ask);
  });

  it('of tokens is refused by what it may use, and has back what it did not', async () => {
    await start({ tokensPerMinute: 200 });
    let answer = (): void => undefined;
    provider.behave((response, request) => {
      answer = () => {
        answersJson(completion('Hello'))(response, request);
      };
    });
    const first = client()
      .chat.completions.create({ ...ask, max_completion_tokens: 150 })
      .withResponse();
    await provider.request(0);
    const error = await refusalOf(client().chat.completions.create({ ...ask, max_completion_tokens: 150 }));
    expect(error).toMatchObject({ status: 429, code: 'token_limit_exceeded', type: 'tokens' });
    expect(header(error, 'x-ratelimit-limit-tokens')).toBe('200');
    expect(Number(header(error, 'retry-after'))).toBeGreaterThan(20);
    expect(await rejections('tokens', 'client')).toBe(1);
    answer();
    await first;
    provider.behave(answersJson(completion('Hello')));
    // The provider reported two tokens in all.
    await waitFor('the tokens to come back', async () =>
      client()
        .chat.completions.create({ ...ask, max_completion_tokens: 150 })
        .then(
          () => true,
          () => false,
        ),
    );
  });

  it('of streams is refused until one ends, with no promise of when', async () => {
    await start({ concurrentStreams: 1 });
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const stream = await client().chat.completions.create({ ...ask, stream: true });
    const error = await refusalOf(client().chat.completions.create({ ...ask, stream: true }));
    expect(error).toMatchObject({ status: 429, code: 'stream_limit_exceeded', type: 'requests' });
    expect(header(error, 'retry-after')).toBeNull();
    expect(await rejections('streams', 'client')).toBe(1);
    stream.controller.abort();
    await waitFor('the stream to end', () => gateway.requestLine()?.['outcome'] === 'client_gone');
    const next = await client().chat.completions.create({ ...ask, stream: true });
    next.controller.abort();
  });

  it('of money is refused until midnight UTC', async () => {
    await start({ dailyBudgetUsd: 2.5 });
    await client().chat.completions.create({ ...ask, max_completion_tokens: 1 });
    await client().chat.completions.create({ ...ask, max_completion_tokens: 1 });
    const error = await refusalOf(client().chat.completions.create({ ...ask, max_completion_tokens: 1 }));
    expect(error).toMatchObject({ status: 429, code: 'budget_exceeded', type: 'insufficient_quota' });
    const untilMidnightSeconds = 86_400 - (Math.floor(Date.now() / 1000) % 86_400);
    expect(Math.abs(Number(header(error, 'retry-after')) - untilMidnightSeconds) % 86_400).toBeLessThan(5);
    expect(await rejections('budget', 'client')).toBe(1);
    await client('second').chat.completions.create({ ...ask, max_completion_tokens: 1 });
  });
});

describe('The limit of all clients together', () => {
  it('counts every tenant, and is told apart', async () => {
    await start({ requestsPerSecond: 0.001, burst: 10 }, { requestsPerSecond: 0.001, burst: 2 });
    const { response } = await client().chat.completions.create(ask).withResponse();
    // Of the two the client is told of the one that will stop it first.
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('2');
    await client('second').chat.completions.create(ask);
    const error = await refusalOf(client().chat.completions.create(ask));
    expect(error.message).toContain('all clients together');
    expect(await rejections('requests', 'global')).toBe(1);
    expect(await rejections('requests', 'client')).toBe(0);
  });
});

describe('The rate-limit headers', () => {
  const authorization = { headers: { authorization: 'Bearer first' } };

  it('are on streams and on errors of the provider, too', async () => {
    await start({ requestsPerSecond: 0.001, burst: 5, tokensPerMinute: 100_000 });
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const stream = await postChat(gateway, { stream: true }, authorization);
    expect(stream.headers.get('x-ratelimit-remaining-requests')).toBe('4');
    expect(stream.headers.get('x-ratelimit-limit-tokens')).toBe('100000');
    await stream.body?.cancel();
    provider.behave(answersJson({ error: { message: 'no' } }, 500, { 'x-ratelimit-limit-requests': '7' }));
    const failed = await postChat(gateway, {}, authorization);
    expect(failed.status).toBe(500);
    expect(failed.headers.get('x-ratelimit-limit-requests')).toBe('5');
    expect(failed.headers.get('x-ratelimit-remaining-requests')).toBe('3');
  });

  it('are absent where nothing is limited', async () => {
    await start({});
    const response = await postChat(gateway, {}, authorization);
    expect([...response.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });
});

describe('A request that used nothing', () => {
  it('has its tokens back', async () => {
    await start({ tokensPerMinute: 200 });
    for (let n = 0; n < 3; n += 1) {
      const response = await postChat(
        gateway,
        { model: 'none', max_completion_tokens: 190 },
        { headers: { authorization: 'Bearer first' } },
      );
      expect(response.status).toBe(404);
      await response.text();
      await waitFor(
        'its completion',
        () => gateway.logLines.filter(({ msg }) => msg === 'request').length > n,
      );
    }
  });
});

describe('A request whose client left before the provider was reached', () => {
  it('has its tokens back', async () => {
    // Takes connections, and never answers a handshake.
    const silent = await ScriptedServer.start(() => undefined);
    const baseUrl = silent.origin.replace('http:', 'https:');
    gateway = await startGateway({
      config: {
        ...configWith({ tokensPerMinute: 200 }),
        providers: [{ name: 'up', kind: 'openai', baseUrl }],
      },
    });
    const messages = [{ role: 'user', content: 'word '.repeat(120) }];
    for (let n = 0; n < 2; n += 1) {
      const leaving = new AbortController();
      const answer = postChat(
        gateway,
        { messages, max_completion_tokens: 1 },
        { headers: { authorization: 'Bearer first' }, signal: leaving.signal },
      ).catch(() => undefined);
      await waitFor('the handshake', () => (silent.connections[n]?.received.length ?? 0) > 0);
      leaving.abort();
      await answer;
      const lines = (): unknown[] => gateway.logLines.filter(({ msg }) => msg === 'request');
      await waitFor('its completion', () => lines().length > n);
    }
    expect(gateway.requestLine()).toMatchObject({ outcome: 'client_gone', upstreamResult: 'aborted' });
    expect(gateway.requestLine()).not.toHaveProperty('inputTokens');
    await silent.close();
  });
});

describe('A changed configuration', () => {
  it('changes limits at once, and forgets nothing that was used', async () => {
    await start({ requestsPerSecond: 0.001, burst: 1 });
    await client().chat.completions.create(ask);
    await refusalOf(client().chat.completions.create(ask));
    writeFileSync(gateway.configFile, stringify(configWith({ requestsPerSecond: 1_000, burst: 1_000 })));
    await waitFor('the reload', async () => (await gateway.metric('gateway_config_reloads_total')) === 1);
    await waitFor('the new limit', async () =>
      client()
        .chat.completions.create(ask)
        .then(
          () => true,
          () => false,
        ),
    );
  });

  it('is refused where it would change the store', async () => {
    await start({});
    const before = readFileSync(gateway.configFile, 'utf8');
    const store = { kind: 'redis' as const, host: '127.0.0.1', maxReplicas: 2 };
    writeFileSync(gateway.configFile, stringify({ ...configWith({}), store }));
    await waitFor(
      'the refusal',
      async () => (await gateway.metric('gateway_config_reloads_total', { result: 'failure' })) === 1,
    );
    const refusal = gateway.logLines.findLast(({ msg }) => String(msg).startsWith('configuration refused'));
    expect(String(refusal?.['reason'])).toContain('store');
    writeFileSync(gateway.configFile, before);
    await client().chat.completions.create(ask);
  });
});

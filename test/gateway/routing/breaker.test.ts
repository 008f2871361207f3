import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import {
  answersJson,
  beginStream,
  chunkEvent,
  completion,
  done,
  streams,
  streamsThenBreaks,
} from '../../support/fake-provider';
import { jsonOf } from '../../support/json';
import { postChat, type RunningGateway } from '../../support/running-gateway';
import { routedConfig, startRouted, startTwoProviders, type TwoProviders } from '../../support/two-providers';
import { waitFor } from '../../support/wait';

let providers: TwoProviders;
let gateway: RunningGateway;

beforeEach(async () => {
  providers = await startTwoProviders();
  providers.second.behave(answersJson(completion('From the second')));
});

afterEach(async () => {
  await gateway.close();
  await providers.close();
});

type BreakerInput = NonNullable<RuntimeConfigInput['routing']>['breaker'];

const start = async (breaker: BreakerInput): Promise<void> => {
  gateway = await startRouted(providers, { routing: { breaker } });
};
const alone = (): Promise<Response> => postChat(gateway, { model: 'alone' });
const failing = answersJson({ error: {} }, 500);
const firstTarget = { provider: 'first', provider_model: 'x' };
/** 0 closed, 1 half open, 2 open. */
const state = (): Promise<number> => gateway.metric('gateway_breaker_state', firstTarget);
const transitions = (to: string): Promise<number> =>
  gateway.metric('gateway_breaker_transitions_total', { ...firstTarget, state: to });

/** The first provider fails until its breaker is open. */
async function opened(): Promise<void> {
  providers.first.behave(failing);
  while ((await state()) !== 2) expect((await alone()).status).toBe(500);
}

describe('A target that fails', () => {
  it('is left alone by every model that leads to it, and the next one asked at once', async () => {
    await start({ minAttempts: 3 });
    await opened();
    expect(providers.asked()).toEqual([3, 0]);
    expect(await jsonOf(await postChat(gateway))).toEqual(completion('From the second'));
    expect(providers.asked()).toEqual([3, 1]);
    expect(await gateway.metric('gateway_upstream_retries_total')).toBe(0);
    expect(await transitions('open')).toBe(1);
    expect(gateway.logLines).toContainEqual(
      expect.objectContaining({ level: 'warn', provider: 'first', providerModel: 'x', state: 'open' }),
    );
  });

  it('is answered for by 503 with a time where there is no other', async () => {
    await start({ minAttempts: 1, openMs: 7_000 });
    await opened();
    const response = await alone();
    expect(response.status).toBe(503);
    expect(response.headers.get('x-gateway-error')).toBe('provider_unavailable; source=provider');
    expect(response.headers.get('retry-after')).toBe('7');
    expect((await jsonOf(response)).error.code).toBe('provider_unavailable');
    expect(providers.asked()).toEqual([1, 0]);
    await waitFor('the line', () => gateway.requestLine()?.['errorCode'] === 'provider_unavailable');
    expect(gateway.requestLine()).toMatchObject({ provider: 'first' });
    expect(gateway.requestLine()).not.toHaveProperty('attempts');
  });

  it.each([
    ['limits every request', answersJson({ error: {} }, 429), 429],
    ["finds fault with every client's request", answersJson({ error: {} }, 400), 400],
    ["refuses the gateway's key", answersJson({ error: {} }, 403), 502],
  ])('does not count as failing where it %s', async (_name, behaviour, status) => {
    gateway = await startRouted(providers, {
      routing: { retry: { maxAttempts: 1 }, breaker: { minAttempts: 1 } },
    });
    providers.first.behave(behaviour);
    for (let n = 0; n < 3; n += 1) expect((await alone()).status).toBe(status);
    expect(await state()).toBe(0);
  });

  it.each([
    ['breaks off', streamsThenBreaks(chunkEvent('a'))],
    ['ends before its last event', streams(chunkEvent('a'))],
    ['ends with an error', streams(chunkEvent('a'), 'data: {"error":{"message":"no"}}\n\n')],
  ])('counts as failing where each of its streams %s', async (_name, behaviour) => {
    await start({ minAttempts: 2 });
    providers.first.behave(behaviour);
    const text = async (): Promise<string> => (await postChat(gateway, { stream: true })).text();
    for (let n = 0; n < 2; n += 1) expect(await text()).toContain('"error"');
    expect(await state()).toBe(2);
    providers.second.behave(streams(chunkEvent('b'), done));
    expect(await text()).toContain('"content":"b"');
  });

  it('does not count as failing where its client leaves', async () => {
    await start({ minAttempts: 1 });
    providers.first.behave((response) => {
      beginStream(response);
      response.write(chunkEvent('a'));
    });
    const abort = new AbortController();
    const response = await postChat(gateway, { stream: true }, { signal: abort.signal });
    const text = response.text();
    abort.abort();
    await expect(text).rejects.toThrow();
    await providers.first.closeOf(0);
    expect(await state()).toBe(0);
  });
});

describe('A target whose time alone is over', () => {
  /** The first request that the open target gets is kept waiting. */
  async function probed(): Promise<{ response: Promise<Response>; provider: ServerResponse }> {
    let provider: ServerResponse | undefined;
    providers.first.behave((response) => {
      provider = response;
    });
    const before = providers.asked()[0];
    let response: Promise<Response> | undefined;
    await waitFor('the probe', async () => {
      response = postChat(gateway);
      await Promise.race([response, providers.first.request(before)]);
      return provider !== undefined;
    });
    return { response: response!, provider: provider! };
  }

  it('is tried by one request, while the others go on to the next, and used again when that succeeds', async () => {
    await start({ minAttempts: 1, openMs: 10_000 });
    await opened();
    // The breaker waits on the monotonic clock: a step of it is ten seconds.
    const later = performance.now() + 10_000;
    jest.spyOn(performance, 'now').mockImplementation(() => later);
    const { response, provider } = await probed();
    expect(await state()).toBe(1);
    const [asked] = providers.asked();
    expect(await jsonOf(await postChat(gateway))).toEqual(completion('From the second'));
    expect((await alone()).status).toBe(503);
    expect(providers.asked()[0]).toBe(asked);
    provider.writeHead(200, { 'content-type': 'application/json' });
    provider.end(JSON.stringify(completion('Back')));
    expect(await jsonOf(await response)).toEqual(completion('Back'));
    jest.restoreAllMocks();
    expect(await state()).toBe(0);
    expect([await transitions('half_open'), await transitions('closed')]).toEqual([1, 1]);
  });

  it('is left alone again where the stream that tries it is cut', async () => {
    await start({ minAttempts: 1, openMs: 100 });
    await opened();
    providers.first.behave(streamsThenBreaks(chunkEvent('a')));
    const text = await waitFor('the probe', async () => {
      const tried = await (await postChat(gateway, { model: 'alone', stream: true })).text();
      return tried.includes('stream_cut') && tried;
    });
    expect(text).toContain('"content":"a"');
    expect(await transitions('open')).toBe(2);
    expect(await state()).toBe(2);
  });
});

describe('A changed configuration', () => {
  const reload = async (config: RuntimeConfigInput): Promise<void> => {
    const before = await gateway.metric('gateway_config_reloads_total', { result: 'success' });
    writeFileSync(gateway.configFile, stringify(config));
    await waitFor('the reload', async () => {
      return (await gateway.metric('gateway_config_reloads_total', { result: 'success' })) > before;
    });
  };
  const routing = { breaker: { minAttempts: 1 } };

  it('keeps the breaker of a target that it does not change', async () => {
    await start(routing.breaker);
    await opened();
    await reload(routedConfig(providers, { routing, limits: { maxBodyBytes: 2_048 } }));
    expect(await state()).toBe(2);
    expect((await alone()).status).toBe(503);
  });

  it('begins anew with a target whose provider moves, and forgets one that goes', async () => {
    await start(routing.breaker);
    await opened();
    const config = routedConfig(providers, { routing });
    const [, second] = config.providers;
    await reload({ ...config, providers: [{ ...second!, name: 'first' }, second!] });
    expect(await state()).toBe(0);
    expect(await jsonOf(await alone())).toEqual(completion('From the second'));
    await reload({ ...config, providers: [second!], models: config.models.slice(2) });
    expect(await state()).toBe(0);
  });
});

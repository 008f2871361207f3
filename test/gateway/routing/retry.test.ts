import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import { answersJson, completion } from '../../support/fake-provider';
import { postChat, type RunningGateway } from '../../support/running-gateway';
import { startRouted, startTwoProviders, type TwoProviders } from '../../support/two-providers';
import { waitFor } from '../../support/wait';

let providers: TwoProviders;
let gateway: RunningGateway;

beforeEach(async () => {
  providers = await startTwoProviders();
});

afterEach(async () => {
  await gateway.close();
  await providers.close();
});

type Retry = NonNullable<RuntimeConfigInput['routing']>['retry'];

const start = async (retry: Retry = {}): Promise<void> => {
  // The breaker has tests of its own.
  gateway = await startRouted(providers, { routing: { retry, breaker: { minAttempts: 10_000 } } });
};
const alone = (): Promise<Response> => postChat(gateway, { model: 'alone' });
const retries = (): Promise<number> => gateway.metric('gateway_upstream_retries_total');

/** The first provider refuses so many requests, and answers the next ones. */
const refusesFirst = (times: number, headers: Record<string, string> = {}): void => {
  providers.first.behave((response, request) => {
    const refuse = providers.first.received.length <= times;
    (refuse ? answersJson({ error: {} }, 429, headers) : answersJson(completion('Now')))(response, request);
  });
};

/** The delays of all timers that were set meanwhile, in milliseconds. */
async function timersOf(task: () => Promise<unknown>): Promise<number[]> {
  const timers = jest.spyOn(globalThis, 'setTimeout');
  await task();
  const delays = timers.mock.calls.map(([, ms]) => ms ?? 0);
  timers.mockRestore();
  return delays;
}

describe('A retry at the same target', () => {
  it('comes after a random pause whose bound doubles', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
    await start({ maxAttempts: 4, backoffBaseMs: 10, backoffMaxMs: 25 });
    refusesFirst(3);
    const delays = await timersOf(async () => {
      expect((await alone()).status).toBe(200);
    });
    jest.restoreAllMocks();
    expect(delays.filter((ms) => [9.99, 19.98, 24.975].includes(ms))).toEqual([9.99, 19.98, 24.975]);
    expect(providers.asked()).toEqual([4, 0]);
  });

  it('waits as long as the provider asks for', async () => {
    await start({ backoffBaseMs: 1 });
    refusesFirst(1, { 'retry-after-ms': '321' });
    const delays = await timersOf(async () => {
      expect((await alone()).status).toBe(200);
    });
    expect(delays.some((ms) => ms >= 321 && ms <= 322)).toBe(true);
  });

  it('is left to the client where the provider asks for longer than is waited', async () => {
    await start();
    refusesFirst(1, { 'retry-after': '60' });
    const response = await alone();
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
    expect(providers.asked()).toEqual([1, 0]);
  });

  it('does not come where the key was refused, which would be refused again', async () => {
    await start();
    providers.first.behave(answersJson({}, 401));
    expect((await alone()).status).toBe(502);
    expect(providers.asked()).toEqual([1, 0]);
  });

  it('ends with the client that leaves while it waits', async () => {
    await start();
    refusesFirst(1, { 'retry-after': '4' });
    const abort = new AbortController();
    const asked = postChat(gateway, { model: 'alone' }, { signal: abort.signal });
    await waitFor('the retry', async () => (await retries()) === 1);
    abort.abort();
    await expect(asked).rejects.toThrow();
    await waitFor('the log line', () => gateway.requestLine());
    expect(gateway.requestLine()).toMatchObject({ outcome: 'client_gone', attempts: 1 });
    expect(providers.asked()).toEqual([1, 0]);
  });

  it('ends with the time of the gateway for a request', async () => {
    gateway = await startRouted(providers, {}, { timings: { request: { gatewayTotalMs: 200 } } });
    refusesFirst(1, { 'retry-after': '4' });
    const response = await alone();
    expect(response.headers.get('x-gateway-error')).toBe('provider_timeout; source=provider');
  });

  it('does not come where its pause would end after the time of all attempts', async () => {
    gateway = await startRouted(providers, {}, { timings: { upstream: { totalMs: 2_000 } } });
    refusesFirst(1, { 'retry-after': '4' });
    expect((await alone()).status).toBe(429);
  });
});

describe('A target that asks to be left alone for a while', () => {
  it('goes behind the others, and is still asked where there are none', async () => {
    await start({ maxAttempts: 1 });
    refusesFirst(1, { 'retry-after': '4' });
    expect((await alone()).status).toBe(429);
    expect((await postChat(gateway)).status).toBe(200);
    expect(providers.asked()).toEqual([1, 1]);
    expect((await alone()).status).toBe(200);
    expect(providers.asked()).toEqual([2, 1]);
  });
});

describe('A provider that refuses every request', () => {
  it('is asked no more often than the budget of retries allows', async () => {
    await start({ budget: { burst: 5, ratio: 0.1 }, backoffBaseMs: 1, backoffMaxMs: 1 });
    refusesFirst(Infinity);
    for (let n = 0; n < 40; n += 1) expect((await alone()).status).toBe(429);
    // The burst, and a tenth of the requests, of which the first find the bucket full.
    const [first] = providers.asked();
    expect(first).toBeGreaterThan(44);
    expect(first).toBeLessThanOrEqual(40 + 5 + 4);
    expect(await retries()).toBe(first - 40);
    expect(await gateway.metric('gateway_retry_budget_exhausted_total')).toBeGreaterThan(30);
  });
});

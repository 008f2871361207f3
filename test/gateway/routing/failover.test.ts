import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import {
  answersBytes,
  answersJson,
  chunkEvent,
  completion,
  done,
  neverAnswers,
  streams,
  streamsThenBreaks,
  streamsThenHangs,
  type Behaviour,
} from '../../support/fake-provider';
import { jsonOf } from '../../support/json';
import {
  postChat,
  startGateway,
  configFor,
  type LogLine,
  type RunningGateway,
} from '../../support/running-gateway';
import { startRouted, startTwoProviders, type TwoProviders } from '../../support/two-providers';
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

type Retry = NonNullable<RuntimeConfigInput['routing']>['retry'];

const start = async (retry: Retry = {}, upstream: Record<string, number> = {}): Promise<void> => {
  gateway = await startRouted(providers, { routing: { retry } }, { timings: { upstream } });
};
const retries = (reason: string): Promise<number> =>
  gateway.metric('gateway_upstream_retries_total', { provider: 'first', reason });
const requestLine = (): Promise<LogLine> => waitFor('the log line', () => gateway.requestLine());

const audited = (text: string): Promise<boolean> =>
  waitFor(`the audit of ${text}`, () => gateway.auditText().includes(text));

const refuses = (status: number): Behaviour => answersJson({ error: { message: 'no' } }, status);
const breaksBeforeItsAnswer: Behaviour = (response) => response.socket?.destroy();
const breaksWithinItsAnswer: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"id":', () => response.socket?.destroy());
};

describe('A request whose first target fails without a bill', () => {
  it.each([
    ['limits it', 'rate_limited', refuses(429), 429],
    ['is overloaded', 'overloaded', refuses(503), 503],
    ["is overloaded in Anthropic's word", 'overloaded', refuses(529), 529],
    ["refuses the gateway's key", 'credentials_rejected', refuses(401), 401],
  ])('is answered by the next one where the first %s', async (_name, reason, behaviour, result) => {
    await start();
    providers.first.behave(behaviour);
    const response = await postChat(gateway);
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toEqual(completion('From the second'));
    expect(providers.asked()).toEqual([1, 1]);
    expect(await retries(reason)).toBe(1);
    expect(await requestLine()).toMatchObject({
      provider: 'second',
      attempts: 2,
      otherAttempts: [{ provider: 'first', providerModel: 'x', result }],
      upstreamResult: 200,
    });
    await audited('"provider":"second","attempts":2,');
  });

  it('is answered by the next one where the first cannot be reached', async () => {
    await start();
    await providers.first.close();
    expect(await jsonOf(await postChat(gateway))).toEqual(completion('From the second'));
    expect(await retries('connect_error')).toBe(1);
    expect(await gateway.metric('gateway_upstream_requests_total', { status: 'connect_error' })).toBe(1);
  });

  it('asks for the model by its name at the next one', async () => {
    await start();
    providers.first.behave(refuses(429));
    await postChat(gateway);
    expect(JSON.parse(providers.first.received[0]!.body)).toMatchObject({ model: 'x' });
    expect(JSON.parse(providers.second.received[0]!.body)).toMatchObject({ model: 'y' });
  });

  it('gets its stream from the next one', async () => {
    await start();
    providers.first.behave(refuses(503));
    providers.second.behave(streams(chunkEvent('a'), done));
    expect(await (await postChat(gateway, { stream: true })).text()).toBe(chunkEvent('a') + done);
    await requestLine();
    const finished = { provider: 'second', outcome: 'finished' };
    expect(await gateway.metric('gateway_streams_total', finished)).toBe(1);
    expect(await gateway.metric('gateway_streams_total')).toBe(1);
  });

  it('is told of the last failure where all fail', async () => {
    await start({ maxAttempts: 2 });
    providers.first.behave(refuses(503));
    providers.second.behave(refuses(429));
    const response = await postChat(gateway);
    expect(response.status).toBe(429);
    expect(response.headers.get('x-gateway-error')).toBe('provider_error; source=provider');
    expect(await requestLine()).toMatchObject({ provider: 'second', attempts: 2, upstreamResult: 429 });
  });

  it('is told of it where no further attempt is allowed', async () => {
    await start({ maxAttempts: 1 });
    providers.first.behave(refuses(503));
    expect((await postChat(gateway)).status).toBe(503);
    expect(providers.asked()).toEqual([1, 0]);
  });

  it("is not repeated where the fault is the client's", async () => {
    await start({ repeat: 'perhaps-billed' });
    providers.first.behave(refuses(400));
    expect((await postChat(gateway)).status).toBe(400);
    expect(providers.asked()).toEqual([1, 0]);
  });
});

describe('A request that a provider may have billed', () => {
  const cases: [string, string, Behaviour, number][] = [
    ['was answered 500', 'server_error', refuses(500), 500],
    ['was answered 502', 'server_error', refuses(502), 502],
    ['was answered 504', 'server_error', refuses(504), 504],
    ['ran out of time', 'timeout', neverAnswers, 504],
    ['lost its connection after it was written', 'connection_lost', breaksBeforeItsAnswer, 502],
    ['lost its connection within the answer', 'connection_lost', breaksWithinItsAnswer, 502],
    ['was answered with nonsense', 'invalid_response', answersBytes('nonsense'), 502],
    ['was answered with a web page', 'invalid_response', (response) => response.end('<html>'), 502],
  ];
  const timings = { responseHeadersMs: 200, idleMs: 200 };

  it.each(cases)('and %s is not repeated', async (_name, reason, behaviour, status) => {
    await start({}, timings);
    providers.first.behave(behaviour);
    expect((await postChat(gateway)).status).toBe(status);
    expect(providers.asked()).toEqual([1, 0]);
    expect(await retries(reason)).toBe(0);
  });

  it.each(cases)('and %s is repeated where the configuration says so', async (_name, reason, behaviour) => {
    await start({ repeat: 'perhaps-billed' }, timings);
    providers.first.behave(behaviour);
    expect(await jsonOf(await postChat(gateway))).toEqual(completion('From the second'));
    expect(providers.asked()).toEqual([1, 1]);
    expect(await retries(reason)).toBe(1);
  });

  it('and lost a connection that had served before is not repeated, since it may have been read', async () => {
    await start();
    providers.first.behave(answersJson(completion('Before')));
    expect((await postChat(gateway)).status).toBe(200);
    providers.first.behave(breaksBeforeItsAnswer);
    expect((await postChat(gateway)).status).toBe(502);
    expect(providers.asked()).toEqual([2, 0]);
  });

  it('is billed twice, each at the price of its target, where it is repeated', async () => {
    await start({ repeat: 'perhaps-billed' }, timings);
    providers.first.behave(neverAnswers);
    await postChat(gateway);
    const { inputTokens, outputTokens, tokensEstimated } = (await requestLine()) as Record<string, number>;
    // The first is estimated to have read 2; the second reports 1 and 1.
    expect({ inputTokens, outputTokens, tokensEstimated }).toEqual({
      inputTokens: 3,
      outputTokens: 1,
      tokensEstimated: true,
    });
    expect(await gateway.metric('gateway_cost_usd_total', { provider: 'first' })).toBe(0.4);
    expect(await gateway.metric('gateway_cost_usd_total', { provider: 'second' })).toBe(1);
    await audited('"costUsd":1.4,');
  });
});

describe('A request of which the client has been sent something', () => {
  it('is never repeated', async () => {
    await start({ repeat: 'perhaps-billed' });
    providers.first.behave(streamsThenBreaks(chunkEvent('a')));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toContain(chunkEvent('a'));
    expect(text).toContain('"code":"stream_cut"');
    expect(providers.asked()).toEqual([1, 0]);
  });

  it('is never repeated where its stream runs out of time either', async () => {
    await start({ repeat: 'perhaps-billed' }, { idleMs: 200 });
    providers.first.behave(streamsThenHangs(chunkEvent('a')));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toContain(chunkEvent('a'));
    expect(text).toContain('"code":"provider_timeout"');
    expect(providers.asked()).toEqual([1, 0]);
  });

  it('is never repeated either where that was only the head of the stream', async () => {
    await start({ repeat: 'perhaps-billed' });
    providers.first.behave(streamsThenBreaks());
    const response = await postChat(gateway, { stream: true });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"code":"stream_cut"');
    expect(providers.asked()).toEqual([1, 0]);
  });
});

describe('A target whose dialect has no equal for a part of the request', () => {
  it('is passed over', async () => {
    const { first, second } = providers;
    gateway = await startGateway({
      config: configFor(first.baseUrl, {
        providers: [
          { name: 'first', kind: 'anthropic', baseUrl: first.baseUrl },
          { name: 'second', kind: 'openai', baseUrl: second.baseUrl },
        ],
        models: [
          {
            name: 'm',
            targets: [
              { provider: 'first', model: 'x' },
              { provider: 'second', model: 'y' },
            ],
          },
          { name: 'alone', targets: [{ provider: 'first', model: 'x' }] },
        ],
      }),
    });
    expect(await jsonOf(await postChat(gateway, { seed: 1 }))).toEqual(completion('From the second'));
    expect(providers.asked()).toEqual([0, 1]);
    const alone = await postChat(gateway, { model: 'alone', seed: 1 });
    expect((await jsonOf(alone)).error.code).toBe('unsupported_by_provider');
  });
});

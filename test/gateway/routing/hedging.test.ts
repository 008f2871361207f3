import type { ServerResponse } from 'node:http';
import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import {
  answersJson,
  chunkEvent,
  completion,
  done,
  neverAnswers,
  streams,
} from '../../support/fake-provider';
import { jsonOf } from '../../support/json';
import { postChat, type LogLine, type RunningGateway } from '../../support/running-gateway';
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

const start = async (routing: RuntimeConfigInput['routing'] = {}, hedgeAfterMs = 20): Promise<void> => {
  gateway = await startRouted(providers, { hedgeAfterMs, routing });
};
const hedges = (result: string): Promise<number> =>
  gateway.metric('gateway_upstream_hedges_total', { provider: 'second', result });
const requestLine = (): Promise<LogLine> => waitFor('the log line', () => gateway.requestLine());

/** The provider keeps its requests until they are answered by hand. */
function kept(provider: TwoProviders['first']): ServerResponse[] {
  const responses: ServerResponse[] = [];
  provider.behave((response) => responses.push(response));
  return responses;
}

describe('A request whose first target is slow', () => {
  it('is answered by the second, and the first is ended', async () => {
    await start();
    providers.first.behave(neverAnswers);
    expect(await jsonOf(await postChat(gateway))).toEqual(completion('From the second'));
    await providers.first.closeOf(0);
    expect(await hedges('won')).toBe(1);
    expect(await requestLine()).toMatchObject({
      provider: 'second',
      attempts: 2,
      otherAttempts: [{ provider: 'first', result: 'aborted' }],
    });
    expect(await gateway.metric('gateway_upstream_retries_total')).toBe(0);
  });

  it('is billed for both', async () => {
    await start();
    providers.first.behave(neverAnswers);
    await postChat(gateway);
    await requestLine();
    expect(await gateway.metric('gateway_cost_usd_total', { provider: 'first' })).toBeGreaterThan(0);
    expect(await gateway.metric('gateway_cost_usd_total', { provider: 'second' })).toBe(1);
  });

  it('is answered by the first where that begins its answer sooner after all, and the second is ended', async () => {
    await start();
    const [first, second] = [kept(providers.first), kept(providers.second)];
    const answer = postChat(gateway);
    await waitFor('the hedge', () => second.length === 1);
    first[0]!.writeHead(200, { 'content-type': 'application/json' });
    first[0]!.end(JSON.stringify(completion('From the first')));
    expect(await jsonOf(await answer)).toEqual(completion('From the first'));
    await providers.second.closeOf(0);
    expect(await hedges('lost')).toBe(1);
    expect(await requestLine()).toMatchObject({ provider: 'first', attempts: 2 });
  });

  it('gets one stream, and nothing of the other', async () => {
    await start();
    const first = kept(providers.first);
    providers.second.behave(streams(chunkEvent('second'), done));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toBe(chunkEvent('second') + done);
    expect(first).toHaveLength(1);
    expect(await requestLine()).toMatchObject({ outcome: 'finished', provider: 'second' });
  });

  it('is answered by the second where the first fails meanwhile, even if that may be billed', async () => {
    await start();
    const [first, second] = [kept(providers.first), kept(providers.second)];
    const answer = postChat(gateway);
    await waitFor('the hedge', () => second.length === 1);
    first[0]!.writeHead(500).end();
    await providers.first.closeOf(0);
    second[0]!.writeHead(200, { 'content-type': 'application/json' });
    second[0]!.end(JSON.stringify(completion('From the second')));
    expect(await jsonOf(await answer)).toEqual(completion('From the second'));
    expect(await hedges('won')).toBe(1);
  });

  it('is answered by the first where the second fails meanwhile', async () => {
    await start();
    const first = kept(providers.first);
    providers.second.behave(answersJson({}, 500));
    const answer = postChat(gateway);
    await waitFor('the failure', async () => (await hedges('failed')) === 1);
    first[0]!.writeHead(200, { 'content-type': 'application/json' });
    first[0]!.end(JSON.stringify(completion('From the first')));
    expect(await jsonOf(await answer)).toEqual(completion('From the first'));
    expect(await requestLine()).toMatchObject({ provider: 'first', upstreamResult: 200 });
  });

  it("is told at once of a fault of the client's own, and the other is ended", async () => {
    await start();
    const [first, second] = [kept(providers.first), kept(providers.second)];
    const answer = postChat(gateway);
    await waitFor('the hedge', () => second.length === 1);
    first[0]!.writeHead(400, { 'content-type': 'application/json' });
    first[0]!.end('{"error":{}}');
    expect((await answer).status).toBe(400);
    await providers.second.closeOf(0);
    expect(await requestLine()).toMatchObject({ provider: 'first', upstreamResult: 400 });
  });

  it('ends both where the client leaves', async () => {
    await start();
    const second = kept(providers.second);
    providers.first.behave(neverAnswers);
    const abort = new AbortController();
    const answer = postChat(gateway, {}, { signal: abort.signal });
    await waitFor('the hedge', () => second.length === 1);
    abort.abort();
    await expect(answer).rejects.toThrow();
    await Promise.all([providers.first.closeOf(0), providers.second.closeOf(0)]);
    expect(await hedges('cancelled')).toBe(1);
  });

  it('ends both at the time of the gateway for a request', async () => {
    gateway = await startRouted(
      providers,
      { hedgeAfterMs: 20 },
      { timings: { request: { gatewayTotalMs: 200 } } },
    );
    providers.first.behave(neverAnswers);
    providers.second.behave(neverAnswers);
    expect((await postChat(gateway)).status).toBe(504);
    await Promise.all([providers.first.closeOf(0), providers.second.closeOf(0)]);
  });
});

describe('No second target is asked', () => {
  it('where the first answers in time', async () => {
    await start({}, 5_000);
    expect((await postChat(gateway)).status).toBe(200);
    expect(providers.asked()).toEqual([1, 0]);
  });

  it('where the budget of hedges is used up', async () => {
    await start({ hedgeBudget: { burst: 1, ratio: 0 } });
    providers.first.behave(neverAnswers);
    expect((await postChat(gateway)).status).toBe(200);
    const first = kept(providers.first);
    const answer = postChat(gateway);
    await waitFor('the refusal', async () => (await hedges('refused')) === 1);
    first[0]!.writeHead(200, { 'content-type': 'application/json' });
    first[0]!.end(JSON.stringify(completion('Late')));
    expect(await jsonOf(await answer)).toEqual(completion('Late'));
    expect(providers.asked()).toEqual([2, 1]);
  });

  it('once the stream has begun', async () => {
    await start();
    let end: (() => void) | undefined;
    providers.first.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunkEvent('a'));
      end = () => response.end(done);
    });
    const response = await postChat(gateway, { stream: true });
    // The hedge of a later request comes after the time at which this one would have had its own.
    providers.first.behave(neverAnswers);
    expect((await postChat(gateway)).status).toBe(200);
    end!();
    expect(await response.text()).toBe(chunkEvent('a') + done);
    expect(providers.asked()).toEqual([2, 1]);
  });
});

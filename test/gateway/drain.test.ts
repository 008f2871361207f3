import type { ServerResponse } from 'node:http';
import {
  beginStream,
  chunkEvent,
  done,
  neverAnswers,
  startFakeProvider,
  type FakeProvider,
} from '../support/fake-provider';
import { rawChat, RawClient } from '../support/raw-client';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;
let answers: ServerResponse[];

const forEver = 600_000;

async function start(shutdown: { endpointPropagationMs: number; drainLimitMs: number }): Promise<void> {
  gateway = await startGateway({
    config: configFor(provider.baseUrl),
    timings: { shutdown: { ...shutdown, exitMarginMs: 4_000 } },
  });
}

beforeEach(async () => {
  provider = await startFakeProvider();
  answers = [];
  provider.behave((response) => {
    beginStream(response);
    response.write(chunkEvent('a'));
    answers.push(response);
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const readiness = async (): Promise<number> => (await fetch(`${gateway.url}/health/ready`)).status;
const isListening = (): boolean => gateway.app.publicServer.listening;
const streamRequest = rawChat('{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}');

describe('A drain', () => {
  it('still serves new connections until everybody has heard, and asks each client to leave', async () => {
    await start({ endpointPropagationMs: forEver, drainLimitMs: forEver });
    const drained = gateway.app.drain.run();
    expect(await readiness()).toBe(503);
    const response = await postChat(gateway, { stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('connection')).toBe('close');
    answers[0]!.end(done);
    expect(await response.text()).toBe(chunkEvent('a') + done);
    gateway.app.drain.hasten();
    await drained;
  });

  it('lets streams end by themselves, and is over as soon as they are', async () => {
    await start({ endpointPropagationMs: 1, drainLimitMs: forEver });
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => postChat(gateway, { stream: true })),
    );
    const drained = gateway.app.drain.run();
    await waitFor('the listener to close', () => !isListening());
    for (const answer of answers) answer.end(chunkEvent('b') + done);
    for (const response of responses) {
      expect(await response.text()).toBe(chunkEvent('a') + chunkEvent('b') + done);
    }
    await drained;
    const finished = { provider: 'up', outcome: 'finished' };
    expect(await gateway.metric('gateway_streams_total', finished)).toBe(20);
  });

  it('still answers the request that follows at once on the connection of a stream, and asks its client to leave', async () => {
    await start({ endpointPropagationMs: 1, drainLimitMs: forEver });
    const client = await RawClient.connect(gateway.url);
    client.send(streamRequest);
    await client.receives(/"a"/);
    const drained = gateway.app.drain.run();
    await waitFor('the listener to close', () => !isListening());
    client.socket.on('data', (text: string) => {
      if (text.includes('[DONE]')) client.send('GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n');
    });
    answers[0]!.end(done);
    expect(await client.untilClosed()).toMatch(/HTTP\/1.1 200 [^]*connection: close[^]*"object":"list"/i);
    await drained;
  });

  it('ends with an error event what takes longer than the limit, at the provider too', async () => {
    await start({ endpointPropagationMs: 1, drainLimitMs: 100 });
    const response = await postChat(gateway, { stream: true });
    const drained = gateway.app.drain.run();
    const text = await response.text();
    expect(text).toMatch(/"code":"draining"\}\}\n\n$/);
    expect(text).not.toContain('[DONE]');
    await drained;
    await provider.closeOf(0);
    expect(await gateway.metric('gateway_streams_total', { provider: 'up', outcome: 'drained' })).toBe(1);
    expect(gateway.requestLine()).toMatchObject({ outcome: 'drained', errorSource: 'gateway', status: 200 });
  });

  it('answers 503 to a request that still waits for its provider, and to one that still sends its body', async () => {
    await start({ endpointPropagationMs: 1, drainLimitMs: 100 });
    provider.behave(neverAnswers);
    const waiting = await RawClient.connect(gateway.url);
    waiting.send(streamRequest);
    const sending = await RawClient.connect(gateway.url);
    sending.send(streamRequest.slice(0, -5));
    await provider.request(0);
    await waitFor('both requests', async () => (await gateway.metric('gateway_active_requests')) === 2);
    const drained = gateway.app.drain.run();
    for (const client of [waiting, sending]) {
      expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 503 [\s\S]*"code":"draining"/);
    }
    await drained;
    const labels = { status: '503', error_source: 'gateway' };
    expect(await gateway.metric('gateway_requests_total', labels)).toBe(2);
  });

  it('closes idle connections, and those of clients that never read their last event', async () => {
    await start({ endpointPropagationMs: 1, drainLimitMs: 100 });
    const idle = await RawClient.connect(gateway.url);
    idle.send('GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n');
    await idle.receives(/"object":"list"/);
    const deaf = await RawClient.connect(gateway.url);
    provider.behave((response) => {
      beginStream(response);
      const event = chunkEvent('x'.repeat(64 * 1024));
      const writeMore = (): void => {
        while (response.write(event));
        response.once('drain', writeMore);
      };
      writeMore();
    });
    deaf.socket.pause();
    deaf.send(streamRequest);
    await provider.request(0);
    await gateway.app.drain.run();
    await idle.untilClosed();
    expect(await gateway.metric('gateway_active_requests')).toBe(0);
    deaf.socket.destroy();
  });

  it('waits for nobody once it is hastened', async () => {
    await start({ endpointPropagationMs: forEver, drainLimitMs: forEver });
    const response = await postChat(gateway, { stream: true });
    const drained = gateway.app.drain.run();
    gateway.app.drain.hasten();
    await drained;
    expect(await response.text()).toContain('"code":"draining"');
    expect(isListening()).toBe(false);
  });
});

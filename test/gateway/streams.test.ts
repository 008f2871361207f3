import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { anthropicPathPrefix } from '../../gateway-app/contract/paths';
import { errorEvent } from '../../gateway-app/src/core/error-body';
import { GatewayError } from '../../gateway-app/src/core/gateway-error';
import { maxEventBytes } from '../../gateway-app/src/providers/event-bound';
import {
  beginStream,
  chunkEvent,
  done,
  neverAnswers,
  startFakeProvider,
  streams,
  streamsThenBreaks,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { RawClient, rawChat } from '../support/raw-client';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({ config: configFor(provider.baseUrl) });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const streamRequest = rawChat('{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}');
const outcomes = (outcome: string): Promise<number> =>
  gateway.metric('gateway_streams_total', { provider: 'up', outcome });

/** The error of a stream's last event. */
function lastError(text: string): unknown {
  return JSON.parse(text.trimEnd().split('\n\n').at(-1)!.replace('data: ', '')).error;
}

describe('A stream', () => {
  it('reaches the client event by event, long before it is complete', async () => {
    let answer: ServerResponse | undefined;
    provider.behave((response) => {
      beginStream(response);
      answer = response;
    });
    const response = await postChat(gateway, { stream: true });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (const event of [chunkEvent('a'), chunkEvent('b'), done]) {
      answer!.write(event);
      expect((await reader.read()).value).toBe(event);
    }
    answer!.end();
    expect((await reader.read()).done).toBe(true);
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
    expect(gateway.requestLine()).toMatchObject({ stream: true, outcome: 'finished', status: 200 });
  });

  it('counts the first bytes and the whole exchange', async () => {
    provider.behave(streams(chunkEvent('a'), done));
    await (await postChat(gateway, { stream: true })).text();
    const labels = { provider: 'up', model: 'm' };
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
    expect(await gateway.metric('gateway_upstream_time_to_first_token_seconds_count', labels)).toBe(1);
    expect(await gateway.metric('gateway_upstream_request_duration_seconds_count', labels)).toBe(1);
    expect(await gateway.metric('gateway_upstream_requests_total', { provider: 'up', status: '200' })).toBe(
      1,
    );
  });
});

describe('A stream that ends too early', () => {
  it.each([
    ['breaks', streamsThenBreaks(chunkEvent('a'))],
    ['breaks within an event', streamsThenBreaks(chunkEvent('a'), 'data: {"half')],
    ['breaks before its first event', streamsThenBreaks()],
    ['ends cleanly without [DONE]', streams(chunkEvent('a'))],
    ['only talks about [DONE]', streams(chunkEvent('a'), chunkEvent('data: [DONE]'))],
    ['ends within an event', streams(chunkEvent('a'), 'data: [DONE]')],
  ])('that %s ends with an error event and without [DONE]', async (_name, behaviour) => {
    provider.behave(behaviour);
    const response = await postChat(gateway, { stream: true });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(lastError(text)).toMatchObject({ code: 'stream_cut', type: 'server_error' });
    expect(text).not.toMatch(/^data: \[DONE\]$/m);
    expect(text).not.toContain('half');
    await waitFor('the outcome', async () => (await outcomes('cut')) === 1);
    expect(gateway.requestLine()).toMatchObject({
      outcome: 'cut',
      errorCode: 'stream_cut',
      errorSource: 'provider',
    });
    expect(await gateway.metric('gateway_requests_total', { status: '200', error_source: 'provider' })).toBe(
      1,
    );
  });

  it('is told in the dialect of the request', () => {
    expect(anthropicPathPrefix).toBe('/v1/messages');
    const event = errorEvent('anthropic', new GatewayError('stream_cut'));
    expect(event).toMatch(/^event: error\ndata: .*\n\n$/);
    expect(JSON.parse(event.split('data: ')[1]!)).toMatchObject({
      type: 'error',
      error: { type: 'api_error' },
    });
  });

  it('is whole for the client where the provider breaks after [DONE]', async () => {
    provider.behave(streamsThenBreaks(chunkEvent('a'), done));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toBe(chunkEvent('a') + done);
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
  });

  it('is refused where one event never ends', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a'), `data: ${'x'.repeat(maxEventBytes)}`));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(lastError(text)).toMatchObject({ code: 'provider_invalid_response' });
    expect(text.length).toBeLessThan(2_000);
    await provider.closeOf(0);
    await waitFor('the outcome', async () => (await outcomes('cut')) === 1);
  });
});

describe('A client that leaves', () => {
  it('ends the request at the provider while its answer is awaited', async () => {
    provider.behave(neverAnswers);
    const client = await RawClient.connect(gateway.url);
    client.send(streamRequest);
    const request = await provider.request(0);
    client.socket.destroy();
    await request.closed;
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    expect(gateway.requestLine()).toMatchObject({ outcome: 'client_gone', upstreamResult: 'aborted' });
    expect(await gateway.metric('gateway_requests_total', { status: '499', error_source: 'client' })).toBe(1);
    expect(await gateway.metric('gateway_upstream_requests_total', { status: 'aborted' })).toBe(1);
    expect(await gateway.metric('gateway_streams_total')).toBe(0);
  });

  it('ends the stream at the provider', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const abort = new AbortController();
    const response = await postChat(gateway, { stream: true }, { signal: abort.signal });
    await response.body!.getReader().read();
    abort.abort();
    await provider.closeOf(0);
    await waitFor('the outcome', async () => (await outcomes('client_gone')) === 1);
    expect(gateway.requestLine()).toMatchObject({
      outcome: 'client_gone',
      status: 200,
      errorSource: 'client',
    });
  });

  it('has finished where it had received [DONE]', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a'), done));
    const client = await RawClient.connect(gateway.url);
    client.send(streamRequest);
    await client.receives(/\[DONE\]/);
    client.socket.destroy();
    await provider.closeOf(0);
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
  });

  it('is no longer waited for while it sends its body', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(rawChat('{"model":"m"}').slice(0, -3));
    await waitFor('the request', async () => (await gateway.metric('gateway_active_requests')) === 1);
    client.socket.resetAndDestroy();
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    expect(gateway.requestLine()).toMatchObject({ outcome: 'client_gone', errorSource: 'client' });
    expect(await gateway.metric('gateway_active_requests')).toBe(0);
    expect(provider.received).toHaveLength(0);
  });
});

describe('A client that reads slowly', () => {
  const event = chunkEvent('x'.repeat(64 * 1024));
  const events = 1_500;

  it('holds the provider back, and still receives every byte', async () => {
    let written = 0;
    let isHeld = false;
    provider.behave((response) => {
      beginStream(response);
      const writeMore = (): void => {
        isHeld = false;
        while (written < events) {
          written += 1;
          if (!response.write(event)) {
            isHeld = true;
            response.once('drain', writeMore);
            return;
          }
        }
        response.end(done);
      };
      writeMore();
    });
    let gatewaySide: Socket | undefined;
    gateway.app.publicServer.once('connection', (accepted) => {
      gatewaySide = accepted;
    });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    socket.pause();
    socket.write(streamRequest);

    // The kernel's buffers take some megabytes; then nothing moves until the client reads.
    let before = -1;
    await waitFor('the provider to be held', () => {
      const stands = isHeld && written > 0 && written === before;
      before = written;
      return stands;
    });
    expect(written).toBeLessThan(events / 2);
    expect(gatewaySide!.writableLength).toBeLessThan(1024 * 1024);

    let receivedBytes = 0;
    socket.on('data', (chunk) => {
      receivedBytes += chunk.length;
    });
    socket.resume();
    await waitFor('the whole stream', async () => (await outcomes('finished')) === 1);
    expect(written).toBe(events);
    await waitFor('every byte', () => receivedBytes > events * event.length);
    socket.destroy();
  });
});

import { headers } from '../../gateway-app/contract/headers';
import {
  answersBytes,
  answersJson,
  beginStream,
  chunkEvent,
  completion,
  neverAnswers,
  startFakeProvider,
  streamsThenHangs,
  type Behaviour,
  type FakeProvider,
} from '../support/fake-provider';
import { jsonOf } from '../support/json';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const start = async (upstream: Record<string, number> = {}): Promise<void> => {
  gateway = await startGateway({ config: configFor(provider.baseUrl), timings: { upstream } });
};

describe("A provider's error answer", () => {
  it.each([
    [400, 'client'],
    [404, 'client'],
    [409, 'client'],
    [422, 'client'],
    [429, 'provider'],
    [500, 'provider'],
    [503, 'provider'],
  ])('%i is passed on as it is, and counted as a fault of the %s', async (status, source) => {
    await start();
    const body = {
      error: { message: 'as the provider wrote it', type: 'some_type', param: null, code: 'some' },
    };
    provider.behave(
      answersJson(body, status, {
        'retry-after': '7',
        'set-cookie': 'a=b',
        'x-ratelimit-remaining-requests': '3',
      }),
    );
    const response = await postChat(gateway);
    expect(response.status).toBe(status);
    expect(await jsonOf(response)).toEqual(body);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(response.headers.get(headers.error)).toBe(`provider_error; source=${source}`);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBeNull();
    const labels = { provider: 'up', status: String(status), error_source: source };
    await waitFor('the count', async () => (await gateway.metric('gateway_requests_total', labels)) === 1);
    expect(await gateway.metric('gateway_upstream_requests_total', { status: String(status) })).toBe(1);
    expect(gateway.requestLine()).toMatchObject({ errorCode: 'provider_error', errorSource: source, status });
  });

  it.each([
    [418, '4xx'],
    [520, '5xx'],
  ])('%i is counted by its class, so that a provider cannot make new series', async (status, label) => {
    await start();
    provider.behave(answersJson({ error: {} }, status));
    expect((await postChat(gateway)).status).toBe(status);
    await waitFor(
      'the count',
      async () => (await gateway.metric('gateway_requests_total', { status: label })) === 1,
    );
    expect(await gateway.metric('gateway_upstream_requests_total', { status: label })).toBe(1);
  });

  it('that is no JSON keeps its status, and shows nothing of what a proxy in between wrote', async () => {
    await start();
    provider.behave((response) => {
      response.writeHead(503, { 'content-type': 'text/html' });
      response.end('<h1>upstream 10.0.0.7 is down</h1>');
    });
    const response = await postChat(gateway);
    expect(response.status).toBe(503);
    expect(await jsonOf(response)).toMatchObject({ error: { type: 'server_error', code: null } });
  });

  it('reaches a client that asked for a stream as a plain answer', async () => {
    await start();
    provider.behave(answersJson({ error: { message: 'slow down' } }, 429));
    const response = await postChat(gateway, { stream: true });
    expect(response.status).toBe(429);
    expect(await gateway.metric('gateway_streams_total')).toBe(0);
  });

  it.each([401, 403])(
    "%i means the gateway's own credentials, and is not the client's fault",
    async (status) => {
      await start();
      provider.behave(answersJson({ error: { message: 'Incorrect API key: sk-...' } }, status));
      const response = await postChat(gateway);
      expect(response.status).toBe(502);
      const text = await response.text();
      expect(JSON.parse(text).error.code).toBe('provider_credentials_rejected');
      expect(text).not.toContain('sk-');
      await waitFor('the log line', () => gateway.requestLine() !== undefined);
      expect(gateway.requestLine()).toMatchObject({
        level: 'error',
        errorSource: 'gateway',
        upstreamResult: status,
      });
    },
  );
});

describe('An answer that makes no sense', () => {
  const json = { 'content-type': 'application/json' };
  const cases: [string, boolean, Behaviour][] = [
    ['is no HTTP', false, answersBytes('SSH-2.0-OpenSSH_9.2\r\n')],
    ['is nothing at all', false, answersBytes('')],
    ['breaks off within the headers', false, answersBytes('HTTP/1.1 200 OK\r\nContent-Ty')],
    [
      'breaks off within the body',
      false,
      answersBytes('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a":'),
    ],
    [
      'is a web page',
      false,
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    ['is truncated JSON', false, (response) => response.writeHead(200, json).end('{"id":"a","choices":[')],
    ['is empty', false, (response) => response.writeHead(200, json).end()],
    ['redirects', false, (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    [
      'is compressed',
      false,
      (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('x'),
    ],
    [
      'is a stream that nobody asked for',
      false,
      (response) => {
        beginStream(response);
        response.end();
      },
    ],
    ['is no stream though one was asked for', true, answersJson(completion('Hello'))],
    [
      'is larger than the bound',
      false,
      (response) => response.writeHead(200, json).end(`{${' '.repeat(17 * 1024 * 1024)}}`),
    ],
  ];

  it.each(cases)('because it %s is answered 502', async (_name, stream, behaviour) => {
    await start();
    provider.behave(behaviour);
    const response = await postChat(gateway, { stream });
    expect(response.status).toBe(502);
    expect(response.headers.get(headers.error)).toBe('provider_invalid_response; source=provider');
    expect((await jsonOf(response)).error.code).toBe('provider_invalid_response');
    const labels = { provider: 'up', status: '502', error_source: 'provider' };
    await waitFor('the count', async () => (await gateway.metric('gateway_requests_total', labels)) === 1);
    expect(gateway.requestLine()?.['cause']).toEqual(expect.any(String));
  });
});

describe('A provider that takes too long', () => {
  it('to answer is given up, and its connection closed', async () => {
    await start({ responseHeadersMs: 100 });
    provider.behave(neverAnswers);
    const response = await postChat(gateway);
    expect(response.status).toBe(504);
    expect((await jsonOf(response)).error.code).toBe('provider_timeout');
    await provider.closeOf(0);
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    expect(gateway.requestLine()).toMatchObject({ outcome: 'timed_out', upstreamResult: 'timeout' });
    expect(await gateway.metric('gateway_upstream_requests_total', { status: 'timeout' })).toBe(1);
  });

  it.each([
    ['between two chunks', { idleMs: 100 }, streamsThenHangs(chunkEvent('a'))],
    ['in total', { totalMs: 300, idleMs: 200 }, everySoOften],
  ])('%s has its stream ended by an error event', async (_name, timings, behaviour) => {
    await start(timings);
    provider.behave(behaviour);
    const response = await postChat(gateway, { stream: true });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain(chunkEvent('a'));
    expect(text).toContain('"code":"provider_timeout"');
    expect(text).not.toContain('[DONE]');
    await provider.closeOf(0);
    const labels = { provider: 'up', outcome: 'timed_out' };
    await waitFor('the outcome', async () => (await gateway.metric('gateway_streams_total', labels)) === 1);
    expect(gateway.requestLine()).toMatchObject({
      outcome: 'timed_out',
      status: 200,
      errorSource: 'provider',
    });
  });

  it('between two chunks of JSON is answered 504', async () => {
    await start({ idleMs: 100 });
    provider.behave((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
    });
    expect((await postChat(gateway)).status).toBe(504);
  });

  it("is given up at the gateway's own limit, where that is shorter", async () => {
    gateway = await startGateway({
      config: configFor(provider.baseUrl),
      timings: { request: { gatewayTotalMs: 150 } },
    });
    provider.behave(neverAnswers);
    const response = await postChat(gateway);
    expect(response.status).toBe(504);
    await provider.closeOf(0);
  });
});

describe('A provider that cannot be reached', () => {
  it('is answered 502, and the log alone says where it was looked for', async () => {
    await start();
    const { port } = new URL(provider.baseUrl);
    await provider.close();
    const response = await postChat(gateway);
    expect(response.status).toBe(502);
    const text = await response.text();
    expect(JSON.parse(text).error.code).toBe('provider_unreachable');
    expect(text).not.toContain(port);
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    expect(gateway.requestLine()).toMatchObject({ upstreamResult: 'connect_error' });
    expect(gateway.requestLine()?.['cause']).toContain(port);
    const attempts = gateway.requestLine()?.['attempts'];
    expect(await gateway.metric('gateway_upstream_requests_total', { status: 'connect_error' })).toBe(
      attempts,
    );
  });
});

/** Never idle, never finished. */
function everySoOften(response: Parameters<Behaviour>[0]): void {
  beginStream(response);
  const timer = setInterval(() => {
    response.write(chunkEvent('a'));
  }, 30);
  response.once('close', () => {
    clearInterval(timer);
  });
}

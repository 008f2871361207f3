import type { Socket } from 'node:net';
import { headers } from '../../gateway-app/contract/headers';
import { routeIds } from '../../gateway-app/contract/paths';
import { parseExposition } from '../support/exposition';
import { startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { jsonOf } from '../support/json';
import { RawClient, rawChat } from '../support/raw-client';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: configFor(provider.baseUrl, { limits: { maxBodyBytes: 64 * 1024 } }),
    timings: { client: { headersMs: 300, requestMs: 600 } },
  });
});

afterEach(async () => {
  // Whatever was sent: nothing of it reached the provider, and the next client is served.
  expect(provider.received).toHaveLength(0);
  expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(200);
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

const messages = '"messages":[{"role":"user","content":"x"}]';
const counted = (labels: Record<string, string>): Promise<number> =>
  gateway.metric('gateway_requests_total', labels);

describe('A body', () => {
  const cases: [string, string | Buffer, string, string | null][] = [
    ['is empty', '', 'invalid_json', null],
    ['is truncated', '{"model":"m",', 'invalid_json', null],
    ['is no JSON', 'model=m', 'invalid_json', null],
    ['holds NaN', `{"model":"m","temperature":NaN,${messages}}`, 'invalid_json', null],
    ['is not UTF-8', Buffer.from(`{"model":"m\xff",${messages}}`, 'latin1'), 'invalid_json', null],
    ['begins with a byte-order mark', `\ufeff{"model":"m",${messages}}`, 'invalid_json', null],
    ['is a list', '[]', 'invalid_request', null],
    ['is null', 'null', 'invalid_request', null],
    ['names no model', `{${messages}}`, 'invalid_request', 'model'],
    ['names a model by number', `{"model":1,${messages}}`, 'invalid_request', 'model'],
    ['has no messages', '{"model":"m"}', 'invalid_request', 'messages'],
    ['has an empty list of messages', '{"model":"m","messages":[]}', 'invalid_request', 'messages'],
    [
      'has a stream that is no boolean',
      `{"model":"m","stream":"yes",${messages}}`,
      'invalid_request',
      'stream',
    ],
    ['asks for a million answers', `{"model":"m","n":1000000,${messages}}`, 'invalid_request', 'n'],
    ['asks for half an answer', `{"model":"m","n":0.5,${messages}}`, 'invalid_request', 'n'],
    [
      'holds a number that JSON cannot write',
      `{"model":"m","seed":1e999,${messages}}`,
      'invalid_request',
      null,
    ],
    [
      'holds a number of 400 digits',
      `{"model":"m","seed":[{"a":-${'9'.repeat(400)}}],${messages}}`,
      'invalid_request',
      null,
    ],
    [
      'holds a number of 210 digits and a short exponent',
      `{"model":"m","seed":${'9'.repeat(210)}e99,${messages}}`,
      'invalid_request',
      null,
    ],
    [
      'is nested too deeply',
      `{"model":"m",${messages},"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      'invalid_request',
      null,
    ],
    ['names __proto__ as its model', `{"model":"__proto__",${messages}}`, 'model_not_found', 'model'],
    ['names an unknown model', `{"model":"constructor",${messages}}`, 'model_not_found', 'model'],
  ];

  it.each(cases)('that %s is refused', async (_name, body, code, param) => {
    const response = await postChat(gateway, {}, { body });
    expect(response.status).toBe(code === 'model_not_found' ? 404 : 400);
    expect((await jsonOf(response)).error).toMatchObject({ code, param, type: 'invalid_request_error' });
    expect(response.headers.get(headers.error)).toBe(`${code}; source=client`);
  });

  it('that cannot be parsed is not quoted in the answer or the log', async () => {
    const response = await postChat(gateway, {}, { body: '{"content":"a private prompt' });
    expect(await response.text()).not.toContain('private');
    expect(JSON.stringify(gateway.logLines)).not.toContain('private');
  });

  it.each([
    ['another content type', { 'content-type': 'text/plain' }],
    ['no content type', { 'content-type': '' }],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['a content encoding', { 'content-encoding': 'gzip' }],
  ])('with %s is refused with 415, before it is read', async (_name, extra) => {
    const response = await postChat(gateway, {}, { headers: extra });
    expect(response.status).toBe(415);
    expect((await jsonOf(response)).error.code).toBe('unsupported_media_type');
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'of type %s is read',
    async (type) => {
      const response = await postChat(gateway, {}, { body: '[]', headers: { 'content-type': type } });
      expect((await jsonOf(response)).error.code).toBe('invalid_request');
    },
  );

  it('that announces more than the limit is refused without reading it', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(rawChat('').replace('Content-Length: 0', `Content-Length: ${10 ** 9}`));
    await client.receives(/"code":"body_too_large"/);
    expect(client.received).toMatch(/^HTTP\/1.1 413 [\s\S]*connection: close/i);
    await client.untilClosed();
  });

  it('that turns out larger than the limit is refused at the first byte too many', async () => {
    let bytesRead = (): number => 0;
    gateway.app.publicServer.once('connection', (socket: Socket) => {
      bytesRead = () => socket.bytesRead;
    });
    const client = await RawClient.connect(gateway.url);
    client.send(rawChat('').replace('Content-Length: 0', 'Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pump = (): void => {
      while (!client.closed && client.socket.write(chunk));
    };
    client.socket.on('drain', pump);
    pump();
    await client.receives(/"code":"body_too_large"/);
    await client.untilClosed();
    expect(bytesRead()).toBeLessThan(8 * 1024 * 1024);
    expect(
      await counted({ route: 'chat_completions', status: '413', error_source: 'client' }),
    ).toBeGreaterThan(0);
  });

  it('is not asked for where the headers alone are refused', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(
      rawChat('', 'Expect: 100-continue\r\n').replace('Content-Length: 0', `Content-Length: ${10 ** 6}`),
    );
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 413/);
  });

  it('is asked for where the client waits for that', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(rawChat('[]', 'Expect: 100-continue\r\n').slice(0, -2));
    await client.receives(/^HTTP\/1.1 100 Continue/);
    client.send('[]');
    await client.receives(/invalid_request/);
    client.socket.destroy();
  });
});

describe('Bytes that are no request', () => {
  const get = 'GET /v1/models HTTP/1.1\r\nHost: gateway\r\n';
  const post = 'POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n';
  it.each([
    ['garbage', '\x16\x03\x01\x02\x00\r\n\r\n'],
    ['two lengths that differ', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]`],
    [
      'a length beside a transfer encoding',
      `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a negative length', `${post}Content-Length: -1\r\n\r\n`],
    ['an unknown transfer encoding', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['a folded header', `${get}X-A: a\r\n b\r\n\r\n`.replace('X-A', 'X A')],
    ['a header without a name', `${get}: a\r\n\r\n`],
    ['a missing Host', 'GET /v1/models HTTP/1.1\r\n\r\n'],
    ['two Hosts that differ', `${get}Host: other\r\n\r\n`],
    ['the same Host twice', `${get}host: gateway\r\n\r\n`],
    ['two Hosts in HTTP/1.0', `${get}Host: gateway\r\n\r\n`.replace('1.1', '1.0')],
    ['a broken chunk', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('(%s) are answered 400 in the shape of the dialect, and counted', async (_name, bytes) => {
    const before = await counted({ status: '400' });
    const client = await RawClient.connect(gateway.url);
    client.send(bytes);
    await client.receives(/"code":"malformed_http"/);
    expect(client.received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(client.received).toContain('x-gateway-error: malformed_http; source=client');
    expect(client.received).toMatch(/x-request-id: [0-9a-f-]{36}/);
    client.socket.end();
    await client.untilClosed();
    await waitFor('the count', async () => (await counted({ status: '400' })) === before + 1);
  });

  it('are answered in the Anthropic dialect where its path was asked', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send('POST /v1/messages?beta=true HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n');
    const answer = await client.untilClosed();
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error' },
    });
  });

  it('after a whole request are answered after its answer', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(`${get}\r\n\x00garbage\r\n\r\n`);
    const answers = (await client.untilClosed()).split(/(?=HTTP\/1.1 )/);
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('too many of them in the headers are answered 431', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(`${get}X-A: ${'a'.repeat(20 * 1024)}\r\n\r\n`);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 431 [\s\S]*"code":"headers_too_large"/);
    expect(await counted({ route: 'other', status: '431', error_source: 'client' })).toBe(1);
  });

  it('(a CONNECT) get nobody a way through', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send('CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 405 /);
  });
});

describe('A client that sends too slowly', () => {
  it.each([
    ['its headers', 'GET /v1/models HTTP/1.1\r\nHost: ga', 'other'],
    ['its body', rawChat('{"model":"m"}').slice(0, -5), 'chat_completions'],
  ])('%s is answered 408', async (_name, bytes, route) => {
    const client = await RawClient.connect(gateway.url);
    client.send(bytes);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"request_timeout"/);
    expect(await counted({ route, status: '408', error_source: 'client' })).toBe(1);
  });

  it('anything at all is no request, and is closed without a word or a count', async () => {
    const before = await counted({});
    const client = await RawClient.connect(gateway.url);
    expect(await client.untilClosed()).toBe('');
    expect(await counted({})).toBe(before);
  });
});

describe('A path or method that is not there', () => {
  it.each([
    ['POST', '/v1/chat/completions/', 'unknown_path', 404, null],
    ['GET', '/', 'unknown_path', 404, null],
    ['GET', '/metrics', 'unknown_path', 404, null],
    ['GET', '/v1/chat/completions', 'method_not_allowed', 405, 'POST'],
    ['DELETE', '/v1/models', 'method_not_allowed', 405, 'GET, HEAD'],
    ['POST', '/health/ready', 'method_not_allowed', 405, 'GET, HEAD'],
  ])('%s %s is answered %s', async (method, path, code, status, allow) => {
    const response = await fetch(gateway.url + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
    expect((await jsonOf(response)).error.code).toBe(code);
  });

  it.each(['/v1/messages/', '/v1/messages/count_tokens'])(
    '%s is answered in the Anthropic shape',
    async (path) => {
      const response = await fetch(gateway.url + path, { method: 'POST' });
      expect(response.status).toBe(404);
      expect(await jsonOf(response)).toEqual({
        type: 'error',
        error: { type: 'not_found_error', message: expect.any(String) },
      });
    },
  );

  it('is counted under one route, whatever was asked', async () => {
    const { samples } = parseExposition(await gateway.metrics());
    const routes = new Set(
      samples.map((sample) => sample.labels['route']).filter((route) => route !== undefined),
    );
    expect([...routes].sort()).toEqual([...routeIds].sort());
  });

  it('of HEAD has no body', async () => {
    const response = await fetch(`${gateway.url}/v1/models`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(10);
    expect(await response.text()).toBe('');
  });
});

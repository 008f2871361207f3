import type { Socket } from 'node:net';
import { ActiveRequests } from '../../gateway-app/src/pipeline/active-requests';
import {
  beginStream,
  chunkEvent,
  neverAnswers,
  startFakeProvider,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { GatewayProcess } from '../support/gateway-process';
import { RawClient, rawChat } from '../support/raw-client';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: configFor(provider.baseUrl),
    timings: { shutdown: { endpointPropagationMs: 1, drainLimitMs: 100, exitMarginMs: 400 } },
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
  await provider.close();
});

const streamRequest = rawChat('{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}');
const connectRequest = 'CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n';
const active = (): Promise<number> => gateway.metric('gateway_active_requests');

describe('Requests sent on one connection without waiting for the answers', () => {
  it.each([
    ['answers nothing', neverAnswers],
    ['streams', streamsThenHangs(chunkEvent('a'))],
  ])('all end when the client leaves while the provider %s', async (_name, behaviour) => {
    provider.behave(behaviour);
    const client = await RawClient.connect(gateway.url);
    client.send(streamRequest.repeat(5));
    await provider.request(4);
    expect(await active()).toBe(5);
    client.socket.destroy();
    for (const { closed } of provider.received) await closed;
    await waitFor('the requests to end', async () => (await active()) === 0);
    expect(gateway.logLines.filter(({ outcome }) => outcome === 'client_gone')).toHaveLength(5);
    await gateway.app.drain.run();
  });

  it('all end with the connection, those too that are answered already or whose body never comes', async () => {
    provider.behave(neverAnswers);
    const client = await RawClient.connect(gateway.url);
    const closing = 'GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const unread = rawChat('').replace('Content-Length: 0', `Content-Length: ${10 ** 9}`);
    client.send(streamRequest + closing + unread);
    await provider.request(0);
    client.socket.destroy();
    await waitFor('the requests to end', async () => (await active()) === 0);
  });

  it('do not keep a tunnel that is asked for behind them open', async () => {
    provider.behave((response) => {
      beginStream(response);
      const event = chunkEvent('x'.repeat(64 * 1024));
      const writeMore = (): void => {
        while (response.write(event));
        response.once('drain', writeMore);
      };
      writeMore();
    });
    let isBlocked = (): boolean => false;
    gateway.app.publicServer.once('connection', (socket: Socket) => {
      isBlocked = () => socket.writableNeedDrain;
    });
    const client = await RawClient.connect(gateway.url);
    client.socket.pause();
    client.send(streamRequest);
    await waitFor('a full connection', () => isBlocked());
    client.send(connectRequest);
    await provider.closeOf(0);
    await waitFor('the request to end', async () => (await active()) === 0);
    client.socket.destroy();
  });
});

describe('A body in chunks with extensions', () => {
  it('reaches the provider in the framing of the gateway alone', async () => {
    const client = await RawClient.connect(gateway.url);
    const body = '{"model":"m","messages":[{"role":"user","content":"x"}]}';
    const chunks = `${body.length.toString(16)};a="GET / HTTP/1.1"\r\n${body}\r\n0;b\r\n\r\n`;
    client.send(rawChat('').replace('Content-Length: 0', 'Transfer-Encoding: chunked') + chunks);
    const received = await provider.request(0);
    expect(received.headers).toHaveProperty('content-length', String(received.body.length));
    expect(received.headers).not.toHaveProperty('transfer-encoding');
    expect(received.body).not.toContain('HTTP/1.1');
    client.socket.destroy();
  });

  it('is refused where the chunk line ends without a carriage return', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send(
      rawChat('').replace('Content-Length: 0', 'Transfer-Encoding: chunked') + '2;a\n[]\r\n0\r\n\r\n',
    );
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 400 /);
    expect(provider.received).toHaveLength(0);
  });
});

describe('A client that asks for a tunnel and resets the connection', () => {
  it('ends nothing but its connection', async () => {
    const environment = { PORT: '0', ADMIN_PORT: '0' };
    const child = GatewayProcess.start('test/support/gateway-entry.ts', environment, '{}');
    try {
      const { url } = await child.listening();
      for (let i = 0; i < 20; i += 1) {
        const client = await RawClient.connect(url);
        client.socket.write(connectRequest, () => client.socket.resetAndDestroy());
        await client.untilClosed();
      }
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect(child.output).not.toContain('ECONNRESET');
    } finally {
      await child.kill();
    }
  });
});

describe('A body of the largest size', () => {
  const bytes = 10 * 1024 * 1024 - 200;
  const cpuMicroseconds = async (text: string): Promise<number> => {
    const content = text.repeat(Math.floor(bytes / text.length));
    const before = process.cpuUsage();
    const response = await postChat(gateway, { model: 'none', messages: [{ role: 'user', content }] });
    expect(response.status).toBe(404);
    return process.cpuUsage(before).user;
  };

  // The processor's time, so that other load does not count; a search begun anew at each digit takes 100 times as long.
  it.each([
    ['one run of digits', '1'],
    ['runs of digits just short of too large a number', `${'1'.repeat(209)},`],
    ['exponents just short of it', '1e+99 '],
  ])('costs about as much with %s as with words', async (_name, text) => {
    const words = await cpuMicroseconds('abcdefgh ');
    expect(await cpuMicroseconds(text)).toBeLessThan(10 * words);
  });
});

describe('A drain', () => {
  it('ends though a request is never told of its end', async () => {
    jest.spyOn(ActiveRequests.prototype, 'whenEmpty').mockReturnValue(new Promise(() => undefined));
    await gateway.app.drain.run();
    expect(gateway.app.publicServer.listening).toBe(false);
  });
});

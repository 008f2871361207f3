import type { ServerResponse } from 'node:http';
import { Waits } from '../../gateway-app/src/core/waits';
import {
  beginStream,
  chunkEvent,
  done,
  startFakeProvider,
  type FakeProvider,
} from '../support/fake-provider';
import { RawClient, rawChat } from '../support/raw-client';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

describe('Waits', () => {
  it('adds up what lies between a begin and an end', () => {
    const waits = new Waits();
    waits.begin(10);
    waits.end(30);
    waits.begin(100);
    waits.end(101);
    expect(waits.totalMs).toBe(21);
  });

  it('keeps the first begin, and ignores an end without one', () => {
    const waits = new Waits();
    waits.end(5);
    waits.begin(10);
    waits.begin(20);
    waits.end(30);
    waits.end(40);
    expect(waits.totalMs).toBe(20);
  });
});

describe('The overhead of a request', () => {
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

  it('holds neither the wait for the body, nor for the provider, nor for the chunks of a stream', async () => {
    let answer: ServerResponse | undefined;
    provider.behave((response) => {
      answer = response;
    });
    const bytes = rawChat('{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}');
    const client = await RawClient.connect(gateway.url);
    const waitMs = 150;
    const startMs = performance.now();
    const pause = (): Promise<boolean> => {
      const fromMs = performance.now();
      return waitFor('some time', () => performance.now() - fromMs > waitMs);
    };
    client.send(bytes.slice(0, -10));
    await pause();
    client.send(bytes.slice(-10));
    await provider.request(0);
    await pause();
    beginStream(answer!);
    await pause();
    answer!.write(chunkEvent('a'));
    await client.receives(/data:/);
    await pause();
    answer!.end(done);
    await client.receives(/DONE/);
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    const { durationMs, overheadMs } = gateway.requestLine() as { durationMs: number; overheadMs: number };
    expect(durationMs).toBeGreaterThan(4 * waitMs);
    expect(durationMs).toBeLessThan(performance.now() - startMs);
    // Any one of the four waits would exceed this.
    expect(overheadMs).toBeLessThan(waitMs);
    expect(overheadMs).toBeGreaterThan(0);
    const labels = { route: 'chat_completions' };
    expect(await gateway.metric('gateway_overhead_duration_seconds_sum', labels)).toBeCloseTo(
      overheadMs / 1000,
      4,
    );
    client.socket.destroy();
  });
});

import { startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { describeWith } from '../support/programs';
import { RedisServer } from '../support/redis-server';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

const password = 'right-password';

describeWith(['redis-server'], 'Two gateways on one Redis', () => {
  let server: RedisServer;
  let provider: FakeProvider;
  let gateways: RunningGateway[];

  beforeEach(async () => {
    server = await RedisServer.start('--requirepass', password);
    provider = await startFakeProvider();
    gateways = await Promise.all([1, 2].map(() => start()));
    await Promise.all(gateways.map((gateway) => waitFor('Redis to decide', () => isShared(gateway))));
  });

  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await provider.close();
    server.resume();
    await server.kill();
  });

  const start = (): Promise<RunningGateway> =>
    startGateway({
      config: configFor(provider.baseUrl, {
        store: {
          kind: 'redis',
          host: '127.0.0.1',
          port: server.port,
          passwordFile: 'redis',
          maxReplicas: 4,
          timeoutMs: 500,
        },
        limits: { global: { requestsPerSecond: 0.001, burst: 10 } },
      }),
      secrets: { redis: password },
      timings: { store: { heartbeatMs: 50, retryMinMs: 20, retryMaxMs: 100 } },
    });

  const isShared = async (gateway: RunningGateway): Promise<boolean> =>
    (await gateway.metric('gateway_store_fallback_active')) === 0 &&
    (await gateway.metric('gateway_store_replicas')) === 2;

  /** Statuses of requests sent to both by turns. */
  const ask = async (count: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const response = await postChat(gateways[n % gateways.length]!);
      await response.text();
      statuses.push(response.status);
    }
    return statuses;
  };
  const admitted = (statuses: number[]): number => statuses.filter((status) => status === 200).length;

  it('admit the limit once', async () => {
    const statuses = await ask(16);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200));
    expect(statuses.slice(10)).toEqual(Array(6).fill(429));
  });

  it('admit half of it each while Redis hangs, say so, and come back by themselves', async () => {
    server.hang();
    const statuses = await ask(20);
    expect(admitted(statuses)).toBe(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    for (const gateway of gateways) {
      expect(await gateway.metric('gateway_store_fallback_active')).toBe(1);
      expect(await gateway.metric('gateway_store_fallback_decisions_total')).toBe(10);
      expect(gateway.logLines.some(({ reason }) => String(reason).includes('no answer within'))).toBe(true);
      expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
    }
    server.resume();
    await Promise.all(gateways.map((gateway) => waitFor('Redis to decide again', () => isShared(gateway))));
    await ask(1);
    expect(JSON.stringify(gateways.map(({ logLines }) => logLines))).not.toContain(password);
  });

  it('serve while Redis is gone, and after it is back', async () => {
    await server.kill();
    expect(admitted(await ask(20))).toBe(10);
    await server.restart();
    await Promise.all(gateways.map((gateway) => waitFor('Redis to decide again', () => isShared(gateway))));
    // An empty Redis has the whole burst again.
    expect(admitted(await ask(12))).toBe(10);
  });
});

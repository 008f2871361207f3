import { metrics } from '../../gateway-app/contract/metrics';
import { Registry } from '../../gateway-app/src/telemetry/registry';
import { parseExposition } from '../support/exposition';
import { startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { RawClient } from '../support/raw-client';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe('The parts in which a registry is rendered', () => {
  const registry = new Registry();
  for (const model of names('m', 400)) {
    registry.families.upstreamDuration.series({ provider: 'p', model }).observe(0.3);
    registry.families.costUsd.series({ provider: 'p', model }).value = 1;
  }
  const parts = [...registry.render()];

  it('are many, and none takes long', () => {
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(part.split('\n').length).toBeLessThan(1_100);
  });

  it('are the whole exposition when put together', () => {
    const { samples } = parseExposition(parts.join(''));
    const costs = samples.filter(({ name }) => name === metrics.costUsd.name);
    expect(costs).toHaveLength(400);
    expect(samples.filter(({ name }) => name === `${metrics.upstreamDuration.name}_count`)).toHaveLength(400);
  });

  it('never divide a histogram, whose buckets and count must be of one moment', () => {
    for (const model of names('m', 400)) {
      const holding = parts.filter((part) => part.includes(`model="${model}",le=`));
      expect(holding).toHaveLength(1);
      expect(holding[0]).toContain(
        `${metrics.upstreamDuration.name}_count{provider="p",model="${model}"} 1\n`,
      );
    }
  });
});

describe('A scrape of many series', () => {
  let provider: FakeProvider;
  let gateway: RunningGateway;

  beforeEach(async () => {
    provider = await startFakeProvider();
    const models = names('m', 400).map((name) => ({ name, targets: [{ provider: 'up', model: name }] }));
    gateway = await startGateway({ config: configFor(provider.baseUrl, { models }) });
  });

  afterEach(async () => {
    await gateway.close();
    await provider.close();
  });

  it('arrives whole', async () => {
    const { samples } = parseExposition(await gateway.metrics());
    expect(new Set(samples.map(({ labels }) => labels['model'])).size).toBe(401);
  });

  it('is only announced to HEAD', async () => {
    const response = await fetch(`${gateway.adminUrl}/metrics`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect((await gateway.metrics()).length).toBeGreaterThan(0);
  });

  it('ends where its reader leaves in the middle, and the next one is whole', async () => {
    const client = await RawClient.connect(gateway.adminUrl);
    // More than the system holds for a reader that takes nothing.
    client.send('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20));
    await client.receives(/# TYPE/);
    client.socket.pause();
    client.socket.destroy();
    const { samples } = parseExposition(await gateway.metrics());
    expect(new Set(samples.map(({ labels }) => labels['model'])).size).toBe(401);
  });
});

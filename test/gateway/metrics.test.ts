import { metrics, type Metric } from '../../gateway-app/contract/metrics';
import { errorCodes } from '../../gateway-app/contract/error-codes';
import { parseExposition, sumOf, type Sample } from '../support/exposition';
import { chunkEvent, startFakeProvider, streamsThenHangs, type FakeProvider } from '../support/fake-provider';
import { RawClient, rawChat } from '../support/raw-client';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  const tenants = [{ name: 't', keys: [{ sha256: '0'.repeat(64) }] }];
  const providers = [
    { name: 'up', kind: 'openai' as const, baseUrl: provider.baseUrl, apiKeyFile: 'provider-key' },
  ];
  gateway = await startGateway({
    config: configFor(provider.baseUrl, { tenants, providers, cache: {} }),
    secrets: { 'provider-key': 'key' },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const catalogue: Metric[] = Object.values(metrics);

/** Sample names that a metric has in the text format. */
function sampleNames({ name, type }: Metric): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

describe('/metrics', () => {
  it('is in the text format, on the admin listener only', async () => {
    const response = await fetch(`${gateway.adminUrl}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(() => response.text().then(parseExposition)).not.toThrow();
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${gateway.adminUrl}/other`)).status).toBe(404);
    expect((await fetch(`${gateway.adminUrl}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('holds every metric of the catalogue, and no other', async () => {
    await postChat(gateway);
    const { types, samples } = parseExposition(await gateway.metrics());
    expect(Object.fromEntries(types)).toEqual(Object.fromEntries(catalogue.map((m) => [m.name, m.type])));
    expect(new Set(samples.map((sample) => sample.name))).toEqual(new Set(catalogue.flatMap(sampleNames)));
  });

  it.each(catalogue.map((metric) => [metric.name, metric] as const))(
    '%s has exactly the labels of the catalogue',
    async (_name, metric) => {
      const { samples } = parseExposition(await gateway.metrics());
      const own = samples.filter((sample) => sampleNames(metric).includes(sample.name));
      expect(own.length).toBeGreaterThan(0);
      for (const { name, labels } of own) {
        const expected = [...metric.labels, ...(name.endsWith('_bucket') ? ['le'] : [])];
        expect(Object.keys(labels).sort()).toEqual(expected.sort());
      }
    },
  );

  it('counts observations in the buckets that hold them', async () => {
    await (await postChat(gateway)).text();
    const text = await gateway.metrics();
    for (const metric of catalogue.filter(({ type }) => type === 'histogram')) {
      for (const series of bucketsBySeries(text, metric.name)) {
        const values = series.map((sample) => sample.value);
        expect(values).toEqual([...values].sort((a, b) => a - b));
        expect(series.map((sample) => sample.labels['le'])).toEqual([...metric.buckets!.map(String), '+Inf']);
      }
    }
    const labels = { route: 'chat_completions', provider: 'up' };
    expect(sumOf(text, 'gateway_request_duration_seconds_count', labels)).toBe(1);
    expect(sumOf(text, 'gateway_request_duration_seconds_sum', labels)).toBeGreaterThan(0);
  });

  it('holds every series from the start: no traffic and no error adds one', async () => {
    const namesOf = (text: string): string[] =>
      parseExposition(text).samples.map((sample) => `${sample.name}${JSON.stringify(sample.labels)}`);
    const before = namesOf(await gateway.metrics());
    await postChat(gateway);
    await postChat(gateway, { model: 'unknown-1' });
    await fetch(`${gateway.url}/some/path`);
    for (const status of [400, 401, 404, 418, 429, 500, 502, 520, 529]) {
      provider.behave((response) => response.writeHead(status).end());
      await postChat(gateway);
    }
    provider.behave((response) => response.writeHead(302).end());
    await postChat(gateway);
    provider.behave((response) => response.socket?.destroy());
    await postChat(gateway);
    await provider.close();
    await postChat(gateway);
    expect(namesOf(await gateway.metrics())).toEqual(before);
    expect(before.join()).not.toContain('unknown-1');
  });

  it('holds a series at 0 for every error that can come, so that the first one is seen as an increase', async () => {
    const text = await gateway.metrics();
    for (const { status, domain } of Object.values(errorCodes)) {
      const labels = { status: String(status), error_source: domain };
      const { samples } = parseExposition(text);
      const found = samples.filter(
        ({ name, labels: have }) =>
          name === 'gateway_requests_total' &&
          have['status'] === labels.status &&
          have['error_source'] === labels.error_source,
      );
      expect([labels, found.length > 0]).toEqual([labels, true]);
      expect(found.every(({ value }) => value === 0)).toBe(true);
    }
  });

  it('counts what is in progress, by route and kind, and the connections', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const client = await RawClient.connect(gateway.url);
    client.send(rawChat('{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}'));
    await client.receives(/data:/);
    const labels = { route: 'chat_completions', stream: 'true' };
    expect(await gateway.metric('gateway_active_requests', labels)).toBe(1);
    expect(await gateway.metric('gateway_active_requests')).toBe(1);
    expect(await gateway.metric('gateway_open_connections')).toBe(1);
    client.socket.destroy();
    await waitFor('the end', async () => (await gateway.metric('gateway_active_requests')) === 0);
    await waitFor('the close', async () => (await gateway.metric('gateway_open_connections')) === 0);
  });

  it('does not count health checks as requests', async () => {
    await fetch(`${gateway.url}/health/live`);
    await fetch(`${gateway.url}/health/ready`);
    expect(await gateway.metric('gateway_requests_total')).toBe(0);
  });

  it('describes the process truly', async () => {
    const text = await gateway.metrics();
    const startedSeconds = sumOf(text, 'process_start_time_seconds');
    expect(Math.abs(startedSeconds - (Date.now() / 1000 - process.uptime()))).toBeLessThan(2);
    expect(sumOf(text, 'process_cpu_seconds_total')).toBeGreaterThan(0.01);
    expect(sumOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(sumOf(text, 'nodejs_heap_size_used_bytes')).toBeGreaterThan(1_000_000);
    expect(sumOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });
});

function bucketsBySeries(text: string, name: string): Sample[][] {
  const series = new Map<string, Sample[]>();
  for (const sample of parseExposition(text).samples.filter((s) => s.name === `${name}_bucket`)) {
    const key = JSON.stringify({ ...sample.labels, le: undefined });
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  return [...series.values()];
}

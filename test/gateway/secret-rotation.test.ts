import { createHash } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { answersJson, completion, startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { describeWith } from '../support/programs';
import { RedisServer } from '../support/redis-server';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { SecretVolume } from '../support/secret-volume';
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

const keyed = (changes: Partial<RuntimeConfigInput> = {}): RuntimeConfigInput =>
  configFor(provider.baseUrl, {
    providers: [{ name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'api-key' }],
    ...changes,
  });

/** Clients that ask without a pause until `during` is over. Each answers whether its request succeeded. */
async function underLoad(ask: () => Promise<Response>, during: () => Promise<void>): Promise<number[]> {
  const statuses: number[] = [];
  const over = new AbortController();
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const response = await ask();
      await response.text();
      statuses.push(response.status);
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  try {
    await during();
  } finally {
    over.abort();
    await clients;
  }
  return statuses;
}

const others = (statuses: readonly number[]): number[] => statuses.filter((status) => status !== 200);

describe('A rotation with an overlap fails no request', () => {
  it("of a provider's key", async () => {
    gateway = await startGateway({ config: keyed(), secrets: { 'api-key': 'key-1' } });
    const volume = new SecretVolume(gateway.secretsDirectory);
    const taken = new Set(['key-1']);
    provider.behave((response, request) => {
      const known = taken.has(request.headers.authorization?.replace('Bearer ', '') ?? '');
      answersJson(known ? completion('Hello') : { error: {} }, known ? 200 : 401)(response, request);
    });
    const sent = (): string | undefined => provider.received.at(-1)?.headers.authorization;
    const statuses = await underLoad(
      () => postChat(gateway),
      async () => {
        for (const [old, fresh] of [
          ['key-1', 'key-2'],
          ['key-2', 'key-3'],
        ] as const) {
          await waitFor('traffic with the old key', () => sent() === `Bearer ${old}`);
          taken.add(fresh);
          volume.publish({ 'api-key': fresh });
          await waitFor('traffic with the new key', () => sent() === `Bearer ${fresh}`);
          // Those that began with the old key have been received by now, or will be: their issuer waits for them.
          const { length } = provider.received;
          await waitFor('the last request with the old key', () => provider.received.length > length + 16);
          taken.delete(old);
        }
        const { length } = provider.received;
        await waitFor('traffic after the rotation', () => provider.received.length > length + 16);
      },
    );
    expect(statuses.length).toBeGreaterThan(50);
    expect(others(statuses)).toEqual([]);
  });

  it("of a client's key", async () => {
    const hash = (key: string) => ({ sha256: createHash('sha256').update(key).digest('hex') });
    const withKeys = (...keys: string[]) =>
      keyed({ access: 'keys', tenants: [{ name: 't', keys: keys.map(hash) }] });
    gateway = await startGateway({ config: withKeys('old'), secrets: { 'api-key': 'key' } });
    let key = 'old';
    const statusOf = async (one: string): Promise<number> =>
      (await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${one}` } })).status;
    const statuses = await underLoad(
      () => postChat(gateway, {}, { headers: { authorization: `Bearer ${key}` } }),
      async () => {
        writeFileSync(gateway.configFile, stringify(withKeys('old', 'new')));
        await waitFor('the new key', async () => (await statusOf('new')) === 200);
        expect(await statusOf('old')).toBe(200);
        key = 'new';
        const { length } = provider.received;
        // Every client has had an answer since it was told of the new key.
        await waitFor('the clients to move', () => provider.received.length > length + 32);
        writeFileSync(gateway.configFile, stringify(withKeys('new')));
        await waitFor('the old key to end', async () => (await statusOf('old')) === 401);
      },
    );
    expect(statuses.length).toBeGreaterThan(50);
    expect(others(statuses)).toEqual([]);
  });
});

it('A new admin token is taken from the file, and the old one ends with it', async () => {
  const token = (n: number) => `admin-token-number-${n}-that-is-long-enough`;
  const admin = { tokenFile: 'admin-token', allowlist: ['127.0.0.1/32'] };
  const files = { 'api-key': 'key', 'admin-token': token(1) };
  gateway = await startGateway({ config: keyed({ admin }), secrets: files });
  const statusOf = async (n: number): Promise<number> =>
    (await fetch(`${gateway.adminUrl}/admin/config`, { headers: { authorization: `Bearer ${token(n)}` } }))
      .status;
  expect(await statusOf(1)).toBe(200);
  expect(await statusOf(2)).toBe(401);
  const volume = new SecretVolume(gateway.secretsDirectory);
  volume.publish({ ...files, 'admin-token': token(2) });
  await waitFor('the new token', async () => (await statusOf(2)) === 200);
  expect(await statusOf(1)).toBe(401);
});

describeWith(['redis-server'], 'A new password of Redis', () => {
  let redis: RedisServer;

  beforeEach(async () => {
    redis = await RedisServer.start();
    await redis.command('ACL', 'SETUSER', 'gateway', 'on', '>old', '+@all', '~*', '&*');
  });

  afterEach(async () => {
    await redis.kill();
  });

  it('is used from the next connection on, and no request fails or is decided without Redis', async () => {
    const store = { kind: 'redis', host: '127.0.0.1', port: redis.port, username: 'gateway' } as const;
    gateway = await startGateway({
      config: keyed({
        store: { ...store, passwordFile: 'redis', maxReplicas: 1, timeoutMs: 1_000 },
        limits: { global: { requestsPerSecond: 100_000, burst: 100_000 } },
      }),
      secrets: { 'api-key': 'key', redis: 'old' },
      timings: { store: { heartbeatMs: 50, retryMinMs: 10, retryMaxMs: 50 } },
    });
    const isShared = async (): Promise<boolean> =>
      (await gateway.metric('gateway_store_fallback_active')) === 0 &&
      (await gateway.metric('gateway_store_replicas')) === 1;
    await waitFor('Redis to decide', isShared);
    const volume = new SecretVolume(gateway.secretsDirectory);
    const statuses = await underLoad(
      () => postChat(gateway),
      async () => {
        await redis.command('ACL', 'SETUSER', 'gateway', '>new');
        volume.publish({ 'api-key': 'key', redis: 'new' });
        await waitFor('the file to be read', () =>
          gateway.logLines.some(({ msg }) => msg === 'secrets read again'),
        );
        await redis.command('ACL', 'SETUSER', 'gateway', '<old');
        // What is connected stays so: a rotation alone interrupts nothing.
        expect(await isShared()).toBe(true);
        expect(await gateway.metric('gateway_store_fallback_decisions_total')).toBe(0);
        await redis.command('CLIENT', 'KILL', 'USER', 'gateway');
        await waitFor('Redis to decide again', isShared);
      },
    );
    expect(others(statuses)).toEqual([]);
    expect(JSON.stringify(gateway.logLines)).not.toContain('WRONGPASS');
  });
});

describe('The age of a secret', () => {
  const issued = (file: string) => gateway.metric('gateway_secret_issued_timestamp_seconds', { file });

  it('is told by the date beside it, and follows a rotation', async () => {
    gateway = await startGateway({ config: keyed(), secrets: { 'api-key': 'key-1' } });
    const volume = new SecretVolume(gateway.secretsDirectory);
    volume.publish({ 'api-key': 'key-1', 'api-key.issued': '2026-03-04' });
    await waitFor('the date', async () => (await issued('api-key')) === Date.UTC(2026, 2, 4) / 1000);
    volume.publish({ 'api-key': 'key-2', 'api-key.issued': '2026-05-06T07:08:09+01:00' });
    await waitFor(
      'the new date',
      async () => (await issued('api-key')) === Date.UTC(2026, 4, 6, 6, 8, 9) / 1000,
    );
  });

  it('is that of its own file where there is no date', async () => {
    gateway = await startGateway({ config: keyed(), secrets: { 'api-key': 'key-1' } });
    const written = new Date('2026-07-08T09:10:11Z');
    utimesSync(join(gateway.secretsDirectory, 'api-key'), written, written);
    await waitFor('the date', async () => (await issued('api-key')) === written.getTime() / 1000);
  });

  it.each(['soon', '2026-13-45', '2026-05-06T07:08', '', '1799999999'])(
    'is beyond every limit where the date beside it is "%s"',
    async (text) => {
      gateway = await startGateway({
        config: keyed(),
        secrets: { 'api-key': 'key-1', 'api-key.issued': text },
      });
      expect(await issued('api-key')).toBe(0);
      expect((await postChat(gateway)).status).toBe(200);
    },
  );

  it('is told of the files in use only', async () => {
    const secrets = { 'api-key': 'key-1', 'other-key': 'key-2' };
    gateway = await startGateway({ config: keyed(), secrets });
    const files = async (): Promise<string[]> =>
      [...(await gateway.metrics()).matchAll(/gateway_secret_issued_timestamp_seconds\{file="([^"]+)"/g)].map(
        ([, file]) => file!,
      );
    expect(await files()).toEqual(['api-key']);
    const { models } = keyed();
    writeFileSync(
      gateway.configFile,
      stringify(
        keyed({
          models,
          providers: [{ name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'other-key' }],
        }),
      ),
    );
    await waitFor('the other file', async () => (await files()).join() === 'other-key');
  });
});

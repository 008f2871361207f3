import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisStore } from '../../gateway-app/src/stores/redis-store';
import { describeWith } from '../support/programs';
import { RedisServer } from '../support/redis-server';
import { waitFor } from '../support/wait';
import { storeConformance } from './store-conformance';
import { claim, fastTimings, redisStore, sharedStore, tenant, usd, type Witness } from './store-support';

describeWith(['redis-server'], 'the Redis store', () => {
  let server: RedisServer;
  let store: RedisStore;
  let witness: Witness;

  beforeAll(async () => {
    server = await RedisServer.start();
    ({ store, witness } = await sharedStore(server.port));
  });

  afterAll(async () => {
    await store.close();
    await server.kill();
  });

  // Whatever passed by the local share would say nothing of Redis.
  afterEach(() => {
    expect(witness.localDecisions).toBe(0);
  });

  storeConformance(() => ({ store, pass }));

  it('opens the budget again at midnight UTC', async () => {
    const asked = claim(tenant({ dailyBudgetNanoUsd: usd }), { nanoUsd: usd });
    await store.reserve(asked);
    const { refusal } = await store.reserve(asked);
    const dayMs = 86_400_000;
    const untilMidnightMs = dayMs - (Date.now() % dayMs);
    expect(Math.abs(refusal!.waitMs! - untilMidnightMs) % dayMs).toBeLessThan(2_000);
  });

  it('keeps every key under one hash tag, and lets every key expire', async () => {
    const limits = tenant({
      requests: { perSecond: 1, burst: 2 },
      tokensPerMinute: 1_000,
      concurrentStreams: 2,
      dailyBudgetNanoUsd: usd,
    });
    await store.reserve(claim(limits, { stream: true, tokens: 10, nanoUsd: 5 }));
    const keys = (await server.command('KEYS', '*')) as string[];
    expect(keys.filter((key) => key.includes(limits.key))).toHaveLength(4);
    for (const key of keys) {
      expect(key).toMatch(/^\{test\}:/);
      // -2: it has expired since it was listed.
      expect(await server.command('PTTL', key)).not.toBe(-1);
    }
  });

  it('makes one call per claim, whatever its limits', async () => {
    // A server and a store of their own: heartbeats and renewals are calls, too.
    const quiet = await RedisServer.start();
    const rare = { ...fastTimings, heartbeatMs: 60_000 };
    const counted = await sharedStore(quiet.port, { timings: rare });
    const limits = { requests: { perSecond: 1, burst: 9 }, tokensPerMinute: 1_000, dailyBudgetNanoUsd: usd };
    const asked = claim([tenant(limits), { ...tenant(limits), scope: 'global' }], { tokens: 10, nanoUsd: 5 });
    await quiet.command('CONFIG', 'RESETSTAT');
    for (let n = 0; n < 5; n += 1) await counted.store.reserve(asked);
    const stats = String(await quiet.command('INFO', 'commandstats'));
    expect(stats).toContain('cmdstat_evalsha:calls=5,');
    expect(stats).not.toContain('cmdstat_eval:');
    await counted.store.close();
    await quiet.kill();
  });

  it('goes on where Redis has forgotten the scripts', async () => {
    const asked = claim(tenant({ requests: { perSecond: 0.001, burst: 2 } }));
    await store.reserve(asked);
    await server.command('SCRIPT', 'FLUSH');
    expect((await store.reserve(asked)).grant).toMatchObject({ local: false });
    expect((await store.reserve(asked)).refusal).toMatchObject({ limit: 'requests' });
  });

  it('counts a stream for as long as its replica lives, however long', async () => {
    const asked = claim(tenant({ concurrentStreams: 1 }), { stream: true });
    const { grant } = await store.reserve(asked);
    await pass(2 * fastTimings.presenceMs);
    expect((await store.reserve(asked)).refusal).toMatchObject({ limit: 'streams' });
    store.settle(grant!, { tokens: 0, nanoUsd: 0 });
    await waitFor('the stream to end', async () => (await store.reserve(asked)).grant !== undefined);
  });

  it('frees the streams of a replica that died', async () => {
    const asked = claim(tenant({ concurrentStreams: 1 }), { stream: true });
    const other = await sharedStore(server.port);
    await other.store.reserve(asked);
    expect((await store.reserve(asked)).refusal).toMatchObject({ limit: 'streams' });
    await other.store.close();
    await waitFor('the stream to end', async () => (await store.reserve(asked)).grant !== undefined);
  });

  it('counts the replicas, and at once no longer one that leaves', async () => {
    const second = await sharedStore(server.port);
    const third = await sharedStore(server.port);
    expect(third.witness.replicas).toBe(3);
    await second.store.close();
    await third.store.close();
    const fourth = await sharedStore(server.port);
    expect(fourth.witness.replicas).toBe(2);
    await fourth.store.close();
  });

  it('never decides before Redis has answered once, except by the share of the most replicas', async () => {
    const early = redisStore(server.port, { maxReplicas: 5 });
    const asked = claim(tenant({ requests: { perSecond: 0.001, burst: 10 } }));
    const decisions = Array.from({ length: 10 }, () => early.store.reserve(asked));
    await early.store.close();
    expect(decisions.filter((decision) => 'grant' in decision && decision.grant !== undefined)).toHaveLength(
      2,
    );
  });
});

/** A timer may fire a moment early; a client that waits exactly may not. */
async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) await sleep(left);
}

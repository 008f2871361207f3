import fc from 'fast-check';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Decision } from '../../gateway-app/src/stores/limit-store';
import { ClaimCodec } from '../../gateway-app/src/stores/redis-claim';
import { RedisKeys } from '../../gateway-app/src/stores/redis-keys';
import { scripts } from '../../gateway-app/src/stores/redis-scripts';
import type { RedisStore } from '../../gateway-app/src/stores/redis-store';
import { describeWith } from '../support/programs';
import { RedisServer } from '../support/redis-server';
import { waitFor } from '../support/wait';
import { claim, fastTimings, redisStore, sharedStore, tenant, usd, type Witness } from './store-support';

/** Long enough for a busy machine: a Redis that answers must not pass for one that hangs. */
const timeoutMs = 250;
const rare = { perSecond: 0.001 };

/** How many of `count` claims made one after the other are admitted. */
async function admitted(store: RedisStore, asked: ReturnType<typeof claim>, count: number): Promise<number> {
  let grants = 0;
  for (let n = 0; n < count; n += 1) if ((await store.reserve(asked)).grant !== undefined) grants += 1;
  return grants;
}

function isAtOnce(decision: Decision | Promise<Decision>): decision is Decision {
  return !(decision instanceof Promise);
}

describeWith(['redis-server'], 'the Redis store in trouble', () => {
  let server: RedisServer;
  let store: RedisStore;
  let witness: Witness;

  beforeEach(async () => {
    server = await RedisServer.start();
    ({ store, witness } = await sharedStore(server.port, { timeoutMs, maxReplicas: 4 }));
  });

  afterEach(async () => {
    await store.close();
    server.resume();
    await server.kill();
  });

  const shared = (): Promise<unknown> => waitFor('Redis to decide again', () => witness.shared);

  it('decides by its share while Redis hangs: the first claims after the timeout, the others at once', async () => {
    const asked = claim(tenant({ requests: { ...rare, burst: 8 } }));
    // A second replica: with two of them alive, each has half.
    const other = await sharedStore(server.port);
    await waitFor('the replicas to know of each other', () => witness.replicas === 2);
    server.hang();
    const waiting = Array.from({ length: 3 }, () => store.reserve(asked));
    expect(waiting.some(isAtOnce)).toBe(false);
    const decisions = await Promise.all(waiting.map(async (decision) => decision));
    expect(decisions.map(({ grant }) => grant?.local)).toEqual([true, true, true]);
    const rest = Array.from({ length: 10 }, () => store.reserve(asked));
    expect(rest.every(isAtOnce)).toBe(true);
    expect((rest as Decision[]).filter(({ grant }) => grant !== undefined)).toHaveLength(1);
    expect(witness.reasons).toContain(`no answer within ${timeoutMs} ms`);
    expect(witness.localDecisions).toBe(13);
    server.resume();
    await shared();
    expect((await store.reserve(asked)).grant).toMatchObject({ local: false });
    await other.store.close();
  });

  it('tells of its share alone while Redis is away, and takes nothing by it', async () => {
    const limits = tenant({ requests: { ...rare, burst: 8 }, dailyBudgetNanoUsd: 9 * usd });
    await store.reserve(claim(limits, { nanoUsd: 2 * usd }));
    server.hang();
    const away = await store.usage(limits);
    expect(away).toMatchObject({ local: true, requests: { limit: 8 }, spentNanoUsd: 2 * usd });
    server.resume();
    await shared();
    expect(await store.usage(limits)).toMatchObject({ local: false, requests: { remaining: 7 } });
  });

  it('comes back by itself after Redis was killed and started again', async () => {
    const asked = claim(tenant({ requests: { ...rare, burst: 3 } }));
    await server.kill();
    await waitFor('the store to notice', () => !witness.shared);
    expect(await admitted(store, asked, 5)).toBe(3);
    await server.restart();
    await shared();
    expect((await store.reserve(asked)).grant).toMatchObject({ local: false });
  });

  it.each([
    ['refuses to write', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], /OOM/],
    [
      'forbids the script',
      ['ACL', 'SETUSER', 'default', '-@scripting'],
      ['ACL', 'SETUSER', 'default', '+@all'],
      /NOPERM/,
    ],
    ['became a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], /READONLY/],
  ])('decides by its share while Redis %s', async (_, spoil, mend, reason) => {
    const asked = claim(tenant({ requests: { ...rare, burst: 2 } }));
    await server.command(...spoil);
    expect(await admitted(store, asked, 10)).toBe(2);
    await waitFor('the reason', () => witness.reasons.some((text) => reason.test(text)));
    expect((await store.reserve(asked)).refusal).toBeDefined();
    await server.command(...mend);
    await shared();
  });

  it('decides by its share where Redis refuses the password, and finds a new one by itself', async () => {
    await server.command('CONFIG', 'SET', 'requirepass', 'right');
    let password = 'wrong';
    const address = { host: '127.0.0.1', port: server.port, tls: false, password: () => password };
    const locked = redisStore(server.port, { address, maxReplicas: 2 });
    await waitFor('the refusal', () => locked.witness.reasons.some((reason) => reason.includes('WRONGPASS')));
    const asked = claim(tenant({ requests: { ...rare, burst: 4 } }));
    expect(await admitted(locked.store, asked, 10)).toBe(2);
    expect(locked.witness.reasons.join()).not.toContain('wrong');
    password = 'right';
    await waitFor('Redis to decide', () => locked.witness.shared);
    await locked.store.close();
  });

  it('keeps to the rest of the budget while Redis is away, and hands in what it spent', async () => {
    const limits = tenant({ dailyBudgetNanoUsd: 10 * usd });
    const asked = claim(limits, { nanoUsd: usd });
    expect(await admitted(store, asked, 6)).toBe(6);
    server.hang();
    // One replica is alive: the share is all that is left.
    expect(await admitted(store, asked, 9)).toBe(4);
    server.resume();
    await shared();
    // The first claim of the nine was sent before the hang was known: Redis may have counted it, too.
    expect((await store.reserve(asked)).refusal).toMatchObject({ limit: 'budget' });
  });

  it('does not give out the budget again where Redis comes back without its data', async () => {
    const asked = claim(tenant({ dailyBudgetNanoUsd: 5 * usd }), { nanoUsd: usd });
    expect(await admitted(store, asked, 4)).toBe(4);
    await server.kill();
    await server.restart();
    await shared();
    expect(await admitted(store, asked, 4)).toBe(1);
  });

  it('counts on the streams that were open when Redis came back without its data', async () => {
    const asked = claim(tenant({ concurrentStreams: 2 }), { stream: true });
    const { grant } = await store.reserve(asked);
    await server.kill();
    await waitFor('the store to notice', () => !witness.shared);
    expect(await admitted(store, asked, 3)).toBe(1);
    await server.restart();
    await shared();
    expect(await admitted(store, asked, 3)).toBe(0);
    store.settle(grant!, { tokens: 0, nanoUsd: 0 });
    expect(await admitted(store, asked, 3)).toBe(1);
  });
});

describe('the Redis store before a server that is none', () => {
  it('stays with its share, whatever the bytes, and whenever they come', async () => {
    let bytes = Buffer.alloc(0);
    let honest = false;
    let answers = 0;
    const impostor = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        answers += 1;
        const asked = chunk.toString();
        if (honest && asked.includes('SCRIPT')) socket.write('+OK\r\n');
        else if (honest && asked.includes(scripts.heartbeat.sha1)) socket.write(':1\r\n');
        else socket.write(bytes);
      });
    });
    const timings = { ...fastTimings, connectMs: 100, retryMaxMs: 20 };
    const { store, witness } = redisStore(await listen(impostor), { timeoutMs: 20, maxReplicas: 2, timings });
    const replies = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)),
      fc
        .array(
          fc.constantFrom(
            '*',
            '$',
            ':',
            '-',
            '+',
            '_',
            '#',
            ',',
            '(',
            '%',
            '>',
            '1',
            '-1',
            '9999999999',
            '\r\n',
          ),
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(replies, fc.boolean(), async (reply, afterHandshake) => {
        bytes = reply;
        honest = afterHandshake;
        const before = answers;
        await waitFor('the store to ask', () => (honest ? witness.shared : answers > before));
        const decision = await store.reserve(claim(tenant({ requests: { ...rare, burst: 2 } })));
        expect(decision.grant).toMatchObject({ local: true });
      }),
      { numRuns: 30, seed: 20_260_101 },
    );
    await store.close();
    impostor.close();
  });

  it('takes no answer of another form for a decision', () => {
    const limits = tenant({ requests: { perSecond: 1, burst: 5 }, dailyBudgetNanoUsd: usd });
    const codec = new ClaimCodec(new RedisKeys('test'), () => 0);
    const asked = claim(limits, { nanoUsd: 1 });
    const numbers = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double(), fc.maxSafeInteger());
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(numbers, { minLength: 7, maxLength: 9 })), (reply) => {
        let ruling;
        try {
          ruling = codec.ruling(asked, reply);
        } catch {
          return;
        }
        expect(reply).toHaveLength(8);
        expect(ruling.admitted).toBe(ruling.verdict.refusal === undefined);
        expect(ruling.verdict.requests!.resetMs).toBeGreaterThanOrEqual(0);
      }),
      { seed: 20_260_102 },
    );
    expect(codec.ruling(asked, [1, 20_000, 0, 1_000_000, 4, 0, 1, 0]).admitted).toBe(true);
    expect(codec.ruling(asked, [0, 20_000, 500_000, 5_000_000, 0, 0, 1, 0]).verdict.refusal).toEqual({
      limit: 'requests',
      scope: 'client',
      waitMs: 500,
    });
  });
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

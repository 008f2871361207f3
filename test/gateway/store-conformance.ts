import type { Claim, Decision, Grant, LimitStore } from '../../gateway-app/src/stores/limit-store';
import { waitFor } from '../support/wait';
import { claim, region, tenant, usd } from './store-support';

/** What the suite asks of a store's test. */
export interface Subject {
  readonly store: LimitStore;
  /** Lets exactly this much time pass for the store. */
  pass(ms: number): Promise<void>;
}

const nothing = { tokens: 0, nanoUsd: 0 };

/** What every store must do, whatever it stores in. */
export function storeConformance(subject: () => Subject): void {
  const reserve = async (asked: Claim): Promise<Decision> => subject().store.reserve(asked);
  const granted = async (asked: Claim): Promise<Grant> => {
    const { grant, refusal } = await reserve(asked);
    if (grant === undefined) throw new Error(`refused: ${JSON.stringify(refusal)}`);
    return grant;
  };
  const settle = (grant: Grant, used = nothing): void => {
    subject().store.settle(grant, used);
  };

  it('admits everything where nothing is limited, and tells of no limit', async () => {
    expect(await reserve(claim(tenant({}), { stream: true, tokens: 1e9, nanoUsd: 1e15 }))).toMatchObject({
      refusal: undefined,
      requests: undefined,
      tokens: undefined,
    });
  });

  it('admits a burst and no more', async () => {
    const asked = claim(tenant({ requests: { perSecond: 0.001, burst: 3 } }));
    for (const left of [2, 1, 0]) {
      expect((await reserve(asked)).requests).toMatchObject({ limit: 3, remaining: left });
    }
    const { refusal, requests } = await reserve(asked);
    expect(refusal).toMatchObject({ limit: 'requests', scope: 'client' });
    expect(requests).toMatchObject({ limit: 3, remaining: 0 });
  });

  it('admits whoever waits exactly as long as told', async () => {
    const asked = claim(tenant({ requests: { perSecond: 7, burst: 1 } }));
    for (let round = 0; round < 4; round += 1) {
      // At once, so that nothing refills between the two, however busy the machine.
      const [first, second] = await Promise.all([reserve(asked), reserve(asked)]);
      expect(first.refusal).toBeUndefined();
      expect(second.refusal!.waitMs).toBeGreaterThan(0);
      expect(second.refusal!.waitMs).toBeLessThanOrEqual(1000 / 7 + 0.001);
      await subject().pass(second.refusal!.waitMs!);
    }
  });

  it('has the whole burst again after the reset time', async () => {
    const asked = claim(tenant({ requests: { perSecond: 20, burst: 4 } }));
    const [, , third] = await Promise.all([reserve(asked), reserve(asked), reserve(asked)]);
    expect(third.requests).toMatchObject({ limit: 4, remaining: 1 });
    await subject().pass(third.requests!.resetMs);
    await Promise.all(Array.from({ length: 4 }, () => granted(asked)));
  });

  it('counts by a changed limit at once, and forgets nothing that was used', async () => {
    const limits = tenant({ requests: { perSecond: 0.001, burst: 3 }, tokensPerMinute: 60 });
    for (let n = 0; n < 3; n += 1) await granted(claim(limits, { tokens: 20 }));
    expect((await reserve(claim(limits))).refusal).toMatchObject({ limit: 'requests' });
    const raised = { ...limits, requests: { perSecond: 0.001, burst: 5 }, tokensPerMinute: 100 };
    const faster = { scope: limits.scope, key: limits.key, requests: { perSecond: 20, burst: 3 } };
    const [{ requests, tokens }, { refusal }] = await Promise.all([
      reserve(claim(raised, { tokens: 30 })),
      reserve(claim(faster)),
    ]);
    expect(requests).toMatchObject({ limit: 5, remaining: 1 });
    expect(tokens!.limit).toBe(100);
    // A token refills each 0.6 s.
    expect(tokens!.remaining).toBeGreaterThanOrEqual(10);
    expect(tokens!.remaining).toBeLessThan(20);
    expect(refusal!.waitMs).toBeLessThanOrEqual(100);
  });

  it('admits as many claims made at once as the limit says, and no more', async () => {
    const asked = claim(tenant({ requests: { perSecond: 0.001, burst: 10 } }));
    const decisions = await Promise.all(Array.from({ length: 50 }, () => reserve(asked)));
    expect(decisions.filter(({ grant }) => grant !== undefined)).toHaveLength(10);
  });

  it('takes nothing from any limit where one refuses', async () => {
    const own = {
      requests: { perSecond: 0.001, burst: 5 },
      tokensPerMinute: 100,
      concurrentStreams: 1,
      dailyBudgetNanoUsd: 10 * usd,
    };
    const free = tenant(own);
    const full = region({ requests: { perSecond: 0.001, burst: 1 } });
    await granted(claim(full));
    const { refusal } = await reserve(claim([free, full], { stream: true, tokens: 100, nanoUsd: 10 * usd }));
    expect(refusal).toMatchObject({ limit: 'requests', scope: 'global' });
    const { grant, requests, tokens } = await reserve(
      claim(free, { stream: true, tokens: 40, nanoUsd: 10 * usd }),
    );
    expect(grant).toBeDefined();
    expect(requests).toMatchObject({ limit: 5, remaining: 4 });
    expect(tokens).toMatchObject({ limit: 100, remaining: 60 });
  });

  it('counts all tenants against the global limit, and tells of the tightest', async () => {
    const everybody = region({ requests: { perSecond: 0.001, burst: 3 } });
    const first = tenant({ requests: { perSecond: 0.001, burst: 2 } });
    const second = tenant({ requests: { perSecond: 0.001, burst: 9 } });
    expect((await reserve(claim([first, everybody]))).requests).toMatchObject({ limit: 2, remaining: 1 });
    expect((await reserve(claim([second, everybody]))).requests).toMatchObject({ limit: 3, remaining: 1 });
    await granted(claim([first, everybody]));
    expect((await reserve(claim([second, everybody]))).refusal).toMatchObject({ scope: 'global' });
    expect((await reserve(claim(second))).requests).toMatchObject({ limit: 9, remaining: 7 });
  });

  it('gives back the tokens that were reserved and not used', async () => {
    const asked = claim(tenant({ tokensPerMinute: 1_000 }), { tokens: 900 });
    const grant = await granted(asked);
    expect((await reserve(asked)).refusal).toMatchObject({ limit: 'tokens', scope: 'client' });
    settle(grant, { tokens: 50, nanoUsd: 0 });
    const { tokens } = await reserve(asked);
    expect(tokens!.limit).toBe(1_000);
    // What refills while the test runs is a token each 60 ms.
    expect(tokens!.remaining).toBeGreaterThanOrEqual(50);
    expect(tokens!.remaining).toBeLessThan(100);
  });

  it('lets later claims wait for tokens that were used and not reserved', async () => {
    const limits = tenant({ tokensPerMinute: 60_000 });
    settle(await granted(claim(limits, { tokens: 1_000 })), { tokens: 61_000, nanoUsd: 0 });
    const asked = claim(limits, { tokens: 100 });
    const { refusal, tokens } = await reserve(asked);
    expect(refusal).toMatchObject({ limit: 'tokens' });
    expect(tokens).toMatchObject({ limit: 60_000, remaining: 0 });
    await subject().pass(refusal!.waitMs!);
    await granted(asked);
  });

  it('admits a claim larger than the bucket once the bucket is full', async () => {
    const limits = tenant({ tokensPerMinute: 600_000 });
    const asked = claim(limits, { tokens: 5_000_000 });
    const [small, { refusal }] = await Promise.all([
      granted(claim(limits, { tokens: 1_000 })),
      reserve(asked),
    ]);
    expect(refusal).toMatchObject({ limit: 'tokens' });
    expect(refusal!.waitMs).toBeLessThanOrEqual(100);
    await subject().pass(refusal!.waitMs!);
    const grant = await granted(asked);
    expect(grant.taken[0]!.tokens).toBe(600_000);
    settle(small, { tokens: 1_000, nanoUsd: 0 });
  });

  it('admits as many streams at once as the limit says, and says no time for the next', async () => {
    const asked = claim(tenant({ concurrentStreams: 2 }), { stream: true });
    const first = await granted(asked);
    await granted(asked);
    expect((await reserve(asked)).refusal).toEqual({ limit: 'streams', scope: 'client', waitMs: undefined });
    await granted({ ...asked, stream: false });
    settle(first);
    await granted(asked);
    expect((await reserve(asked)).refusal).toMatchObject({ limit: 'streams' });
  });

  it('frees one stream only where one is settled twice', async () => {
    const asked = claim(tenant({ concurrentStreams: 2 }), { stream: true });
    const first = await granted(asked);
    await granted(asked);
    settle(first);
    settle(first);
    await granted(asked);
    expect((await reserve(asked)).refusal).toMatchObject({ limit: 'streams' });
  });

  it('never grants more than the budget to claims in flight at once', async () => {
    const asked = claim(tenant({ dailyBudgetNanoUsd: 5 * usd }), { nanoUsd: 2 * usd });
    const decisions = await Promise.all([reserve(asked), reserve(asked), reserve(asked)]);
    expect(decisions.filter(({ grant }) => grant !== undefined)).toHaveLength(2);
  });

  it('replaces the reserved cost by the real one', async () => {
    const limits = tenant({ dailyBudgetNanoUsd: 5 * usd });
    const grant = await granted(claim(limits, { nanoUsd: 5 * usd }));
    settle(grant, { tokens: 0, nanoUsd: usd });
    settle(await granted(claim(limits, { nanoUsd: 4 * usd })), { tokens: 0, nanoUsd: 4 * usd });
    expect((await reserve(claim(limits, { nanoUsd: 1 }))).refusal).toMatchObject({ limit: 'budget' });
  });

  it('admits what costs nothing after the budget is spent', async () => {
    const limits = tenant({ dailyBudgetNanoUsd: usd });
    settle(await granted(claim(limits, { nanoUsd: usd })), { tokens: 0, nanoUsd: 3 * usd });
    expect((await reserve(claim(limits, { nanoUsd: 1 }))).refusal).toMatchObject({ limit: 'budget' });
    await granted(claim(limits));
  });

  it('tells what was used, and takes nothing by it', async () => {
    const limits = tenant({
      requests: { perSecond: 0.001, burst: 5 },
      tokensPerMinute: 60_000,
      concurrentStreams: 4,
      dailyBudgetNanoUsd: 9 * usd,
    });
    const stream = await granted(claim(limits, { stream: true, tokens: 20_000, nanoUsd: 3 * usd }));
    for (let round = 0; round < 2; round += 1) {
      const usage = await subject().store.usage(limits);
      expect(usage).toMatchObject({
        requests: { limit: 5, remaining: 4 },
        tokens: { limit: 60_000 },
        openStreams: 1,
        spentNanoUsd: 3 * usd,
        local: false,
      });
      expect(usage.tokens!.remaining).toBeGreaterThanOrEqual(40_000);
      expect(usage.tokens!.remaining).toBeLessThan(60_000);
    }
    settle(stream, { tokens: 20_000, nanoUsd: usd });
    const settled = async (): Promise<boolean> => {
      const usage = await subject().store.usage(limits);
      return usage.openStreams === 0 && usage.spentNanoUsd === usd;
    };
    await waitFor('the settlement', settled);
  });

  it('tells only of the limits that there are', async () => {
    expect(await subject().store.usage(tenant({}))).toEqual({ local: false });
    expect(await subject().store.usage(tenant({ concurrentStreams: 3 }))).toEqual({
      openStreams: 0,
      local: false,
    });
  });

  it('names of several limits that refuse the one that does so longest', async () => {
    const limits = tenant({
      requests: { perSecond: 0.1, burst: 1 },
      tokensPerMinute: 100,
      dailyBudgetNanoUsd: usd,
    });
    const asked = claim(limits, { tokens: 100, nanoUsd: usd });
    await granted(asked);
    expect((await reserve(asked)).refusal).toMatchObject({ limit: 'budget' });
    const { refusal } = await reserve({ ...asked, nanoUsd: 0 });
    expect(refusal).toMatchObject({ limit: 'tokens' });
    expect(refusal!.waitMs).toBeGreaterThan(50_000);
  });
}

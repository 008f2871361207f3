import { MemoryStore } from '../../gateway-app/src/stores/memory-store';
import { storeConformance } from './store-conformance';
import { claim, tenant, usd } from './store-support';

const noon = Date.UTC(2030, 5, 15, 12);
const hourMs = 3_600_000;

describe('the memory store', () => {
  let elapsedMs = 0;
  const store = new MemoryStore({ monotonic: () => 5_000 + elapsedMs, utc: () => noon + elapsedMs });
  const pass = (ms: number): Promise<void> => {
    elapsedMs += ms;
    return Promise.resolve();
  };

  storeConformance(() => ({ store, pass }));

  it('refuses whoever waits a millisecond less than told', async () => {
    const asked = claim(tenant({ requests: { perSecond: 3, burst: 1 } }));
    store.reserve(asked);
    const { waitMs } = store.reserve(asked).refusal!;
    await pass(waitMs! - 1);
    expect(store.reserve(asked).refusal).toMatchObject({ limit: 'requests' });
    await pass(1);
    expect(store.reserve(asked).grant).toBeDefined();
  });

  it('admits within 1 % of the rate over an hour', async () => {
    const asked = claim(tenant({ requests: { perSecond: 30, burst: 1 } }));
    let admitted = 0;
    for (let step = 0; step < hourMs / 7; step += 1) {
      if (store.reserve(asked).grant !== undefined) admitted += 1;
      await pass(7);
    }
    // A claim each 7 ms meets an interval of 33.3 ms: the first after it comes within 35.
    expect(admitted).toBeGreaterThan((3600 * 30 * 33.3) / 35 / 1.01);
    expect(admitted).toBeLessThanOrEqual(3600 * 30 + 1);
  });

  it('opens the budget again at midnight UTC, which is as long as it said', async () => {
    const asked = claim(tenant({ dailyBudgetNanoUsd: usd }), { nanoUsd: usd });
    const { grant } = store.reserve(asked);
    const { waitMs } = store.reserve(asked).refusal!;
    expect((noon + elapsedMs + waitMs!) % (24 * hourMs)).toBe(0);
    await pass(waitMs! - 1);
    expect(store.reserve(asked).refusal).toMatchObject({ limit: 'budget' });
    await pass(1);
    // The day that admitted a request pays for it: neither its cost nor its change is the new day's.
    store.settle(grant!, { tokens: 0, nanoUsd: 0 });
    expect(store.reserve(asked).grant).toBeDefined();
    expect(store.reserve(asked).refusal).toMatchObject({ limit: 'budget' });
  });
});

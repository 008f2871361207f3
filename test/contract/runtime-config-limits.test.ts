import { parseRuntimeConfig, type RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { InvalidInput, type Problem } from '../../gateway-app/contract/validate';

const price = { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 2 };
const keys = [{ sha256: '0'.repeat(64) }];

const config = (changes: Partial<RuntimeConfigInput>): RuntimeConfigInput => ({
  version: 1,
  providers: [{ name: 'echo', kind: 'echo' }],
  models: [
    { name: 'priced', targets: [{ provider: 'echo', model: 'echo', price }] },
    { name: 'unpriced', targets: [{ provider: 'echo', model: 'echo' }] },
  ],
  ...changes,
});

function problemsOf(input: unknown): readonly Problem[] {
  try {
    parseRuntimeConfig(input, 'The test', 'It fails.');
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

describe('The limits of a configuration', () => {
  it('may all be absent, and are counted in memory', () => {
    const { limits, store } = parseRuntimeConfig(config({}), 'The test', 'It fails.');
    expect(limits.global).toBeUndefined();
    expect(store).toEqual({ kind: 'memory' });
  });

  it('need a price for every model that a budget reaches', () => {
    const [problem, ...others] = problemsOf(config({ limits: { global: { dailyBudgetUsd: 5 } } }));
    expect(problem).toMatchObject({ path: 'limits.global.dailyBudgetUsd', value: '5' });
    expect(problem!.rule).toContain('unpriced');
    expect(problem!.rule).not.toContain('priced,');
    expect(others).toEqual([]);
  });

  it('need no price for a model that the tenant may not use', () => {
    const tenant = { name: 't', keys, limits: { dailyBudgetUsd: 5 } };
    expect(problemsOf(config({ tenants: [{ ...tenant, models: ['priced'] }] }))).toEqual([]);
    expect(problemsOf(config({ tenants: [tenant] }))).toMatchObject([
      { path: 'tenants[0].limits.dailyBudgetUsd' },
    ]);
  });

  it('take a model that is free at a price of zero', () => {
    const free = { inputUsdPerMillionTokens: 0, outputUsdPerMillionTokens: 0 };
    const models = [{ name: 'free', targets: [{ provider: 'echo', model: 'echo', price: free }] }];
    expect(problemsOf(config({ models, limits: { global: { dailyBudgetUsd: 5 } } }))).toEqual([]);
  });

  it('have no burst without a rate', () => {
    expect(problemsOf(config({ limits: { global: { burst: 5 } } }))).toMatchObject([
      { path: 'limits.global.burst' },
    ]);
  });

  it.each([
    ['requestsPerSecond', 0],
    ['requestsPerSecond', -1],
    ['burst', 0.5],
    ['tokensPerMinute', 0],
    ['concurrentStreams', 0],
    ['dailyBudgetUsd', 0],
    ['requestsPerMinute', 5],
  ])('refuse %s of %d', (field, value) => {
    const tenants = [
      { name: 't', keys, models: ['priced'], limits: { requestsPerSecond: 1, [field]: value } },
    ];
    expect(problemsOf(config({ tenants }))).toMatchObject([{ path: `tenants[0].limits.${field}` }]);
  });
});

describe('The store of a configuration', () => {
  it('has defaults for what a Redis usually has', () => {
    const store = { kind: 'redis', host: 'redis', maxReplicas: 20 } as const;
    expect(parseRuntimeConfig(config({ store }), 'The test', 'It fails.').store).toEqual({
      ...store,
      port: 6379,
      tls: false,
      timeoutMs: 50,
      keyPrefix: 'gateway',
    });
  });

  it.each([
    [{ kind: 'redis', host: 'redis' }, 'store.maxReplicas'],
    [{ kind: 'redis', maxReplicas: 2 }, 'store.host'],
    [{ kind: 'redis', host: 'redis', maxReplicas: 2, keyPrefix: 'a}b' }, 'store.keyPrefix'],
    [{ kind: 'redis', host: 'redis', maxReplicas: 2, timeoutMs: 0 }, 'store.timeoutMs'],
    [{ kind: 'memory', host: 'redis' }, 'store.host'],
    [{ kind: 'disk' }, 'store.kind'],
  ])('is refused as %j', (store, path) => {
    expect(problemsOf({ ...config({}), store })).toMatchObject([{ path }]);
  });
});

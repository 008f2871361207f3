import { parseRuntimeConfig, type RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { InvalidInput, type Problem } from '../../gateway-app/contract/validate';

const targets = [
  { provider: 'up', model: 'x' },
  { provider: 'up', model: 'y' },
];

interface Parts {
  readonly deadlines?: Record<string, number>;
  readonly routing?: object;
  /** Fields of the model in place of its own. */
  readonly model?: object;
}

const config = ({ deadlines, routing, model }: Parts): unknown => ({
  version: 1,
  providers: [{ name: 'up', kind: 'openai', baseUrl: 'https://api.example.com/v1', deadlines }],
  models: [{ name: 'm', targets, ...model }],
  routing,
});

const parsed = (parts: Parts) => parseRuntimeConfig(config(parts), 'test.yaml', 'Nothing starts.');

function problemsOf(parts: Parts): readonly Problem[] {
  try {
    parsed(parts);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

describe('Routing', () => {
  it('is taken with its defaults filled in, and targets of different priority with it', () => {
    const { routing, models } = parsed({});
    expect(routing).toEqual({
      retry: {
        maxAttempts: 3,
        repeat: 'unbilled',
        backoffBaseMs: 100,
        backoffMaxMs: 2_000,
        maxRetryAfterMs: 5_000,
        budget: { ratio: 0.2, burst: 10 },
      },
      breaker: { windowMs: 30_000, minAttempts: 10, failureRatio: 0.5, openMs: 15_000 },
      hedgeBudget: { ratio: 0.05, burst: 5 },
    } satisfies RuntimeConfigInput['routing']);
    expect(models[0]?.targets).toHaveLength(2);
  });

  it('can make up for every failure that opens a breaker', () => {
    const { retry, breaker } = parsed({}).routing;
    expect(retry.budget.burst).toBeGreaterThanOrEqual(breaker.minAttempts);
  });

  it.each<[string, Parts, string, RegExp]>([
    [
      'a pause that begins above its bound',
      { routing: { retry: { backoffBaseMs: 3_000 } } },
      'routing.retry.backoffBaseMs',
      /must not be longer than backoffMaxMs \(2000\)/,
    ],
    [
      'a budget of more than all',
      { routing: { retry: { budget: { ratio: 2 } } } },
      'routing.retry.budget.ratio',
      /at most 1/,
    ],
    [
      'another word for what is repeated',
      { routing: { retry: { repeat: true } } },
      'routing.retry.repeat',
      /"unbilled", "perhaps-billed"/,
    ],
    [
      'a breaker that is open for no time',
      { routing: { breaker: { openMs: 1 } } },
      'routing.breaker.openMs',
      /at least 100/,
    ],
    [
      'a hedge without a second target',
      { model: { hedgeAfterMs: 1_000, targets: targets.slice(1) } },
      'models[0].hedgeAfterMs',
      /needs a second target/,
    ],
    [
      'a hedge where one attempt is all',
      { model: { hedgeAfterMs: 1_000 }, routing: { retry: { maxAttempts: 1 } } },
      'models[0].hedgeAfterMs',
      /has no effect where routing\.retry\.maxAttempts is 1/,
    ],
    [
      'a deadline above a default one that ends the wait first',
      { deadlines: { responseHeadersMs: 300_000 } },
      'providers[0].deadlines.responseHeadersMs',
      /must not be longer than firstTokenMs \(180000, its default\)/,
    ],
    [
      'a deadline above another that is stated',
      { deadlines: { connectMs: 2_000, responseHeadersMs: 1_000 } },
      'providers[0].deadlines.connectMs',
      /must not be longer than responseHeadersMs \(1000\)/,
    ],
    [
      'a total below the other deadlines at their defaults',
      { deadlines: { totalMs: 30_000 } },
      'providers[0].deadlines.totalMs',
      /must not be shorter than firstTokenMs \(180000, its default\)/,
    ],
    [
      "a total beyond the gateway's own",
      { deadlines: { totalMs: 700_000 } },
      'providers[0].deadlines.totalMs',
      /at most 600000/,
    ],
  ])('with %s is refused with path, rule and fix', (_name, parts, path, rule) => {
    const found = problemsOf(parts).find((problem) => problem.path === path);
    expect(found?.rule).toMatch(rule);
    expect(found?.fix).toMatch(/\w/);
  });
});

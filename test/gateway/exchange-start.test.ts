import { parseRuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { monotonicClock } from '../../gateway-app/src/core/clock';
import { RequestContext } from '../../gateway-app/src/core/request-context';
import { contractTimings } from '../../gateway-app/src/core/timings';
import { echoTranslation } from '../../gateway-app/src/providers/echo/client';
import { Counter } from '../../gateway-app/src/telemetry/series';
import { Attempts } from '../../gateway-app/src/upstream/attempts';
import { Breaker } from '../../gateway-app/src/upstream/breaker';
import { TokenBudget } from '../../gateway-app/src/upstream/token-budget';
import { configFor } from '../support/running-gateway';

const { routing } = parseRuntimeConfig(configFor('http://127.0.0.1/v1'), 'the test', '');

const unused = (): never => {
  throw new Error('nothing is asked of the client');
};

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('An exchange that cannot be started', () => {
  it('leaves no deadline behind, which would end the process later', () => {
    const context = new RequestContext(
      { id: 'r', route: 'chat_completions', dialect: 'openai', sourceIp: '' },
      { headers: {}, clientCertificate: undefined, readBody: unused },
      {
        hasBegun: false,
        answer: unused,
        begin: unused,
        write: unused,
        onDrain: () => undefined,
        end: unused,
        destroy: unused,
      },
      monotonicClock,
    );
    const target = {
      model: 'm',
      provider: 'p',
      providerModel: 'x',
      priority: 0,
      weight: 1,
      price: undefined,
    };
    context.targets = [target];
    const failing = {
      start: () => {
        throw new TypeError('a header that cannot be written');
      },
    };
    const breaker = new Breaker(routing.breaker);
    const leaves = jest.spyOn(breaker, 'leave');
    const provider = { translate: echoTranslation, client: failing, deadlines: contractTimings.upstream };
    const attempts = new Attempts(
      context,
      { operation: 'chat_completions', body: { messages: [] }, stream: false, headers: {} },
      {
        endpoints: new Map([[target, { target, provider, breaker, retries: new Map(), hedges: new Map() }]]),
        retry: routing.retry,
        retryBudget: new TokenBudget(routing.retry.budget),
        retryBudgetExhausted: new Counter(),
        hedgeBudget: new TokenBudget(routing.hedgeBudget),
        totalMs: contractTimings.upstream.totalMs,
        random: Math.random,
      },
    );
    const before = timers();
    expect(() => {
      attempts.begin(1_000);
    }).toThrow(TypeError);
    expect(timers()).toBe(before);
    expect(context.onAbort).toBeUndefined();
    expect(context.attempts).toEqual([]);
    expect(leaves).toHaveBeenCalledWith(0, 'neutral', expect.any(Number));
  });
});

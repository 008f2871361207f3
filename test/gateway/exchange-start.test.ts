import { monotonicClock } from '../../gateway-app/src/core/clock';
import { RequestContext } from '../../gateway-app/src/core/request-context';
import { contractTimings } from '../../gateway-app/src/core/timings';
import { echoTranslation } from '../../gateway-app/src/providers/echo/client';
import { Exchange } from '../../gateway-app/src/upstream/exchange';

const unused = (): never => {
  throw new Error('nothing is asked of the client');
};

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('An exchange that cannot be started', () => {
  it('leaves no deadline behind, which would end the process later', () => {
    const context = new RequestContext(
      { id: 'r', route: 'chat_completions', dialect: 'openai', sourceIp: '' },
      { headers: {}, readBody: unused },
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
    const call = echoTranslation({
      operation: 'chat_completions',
      body: { messages: [] },
      model: 'm',
      stream: false,
      headers: {},
    });
    const failing = {
      start: () => {
        throw new TypeError('a header that cannot be written');
      },
    };
    const before = timers();
    expect(() => new Exchange(context, failing, call, 1, contractTimings.upstream)).toThrow(TypeError);
    expect(timers()).toBe(before);
    expect(context.onAbort).toBeUndefined();
  });
});

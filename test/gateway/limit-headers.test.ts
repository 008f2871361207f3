import fc from 'fast-check';
import { durationText, answerHeadersOf } from '../../gateway-app/src/limit/rate-limit-headers';
import type { Decision } from '../../gateway-app/src/stores/limit-store';

const decision = (rest: Partial<Decision>): Decision => ({
  grant: undefined,
  refusal: undefined,
  requests: undefined,
  tokens: undefined,
  ...rest,
});

describe('A duration in the headers', () => {
  it.each([
    [0, '0ms'],
    [0.2, '1ms'],
    [12, '12ms'],
    [999.1, '1s'],
    [8_640, '8.64s'],
    [60_000, '1m0s'],
    [60_001, '1m1s'],
    [360_000, '6m0s'],
    [3_723_000, '1h2m3s'],
    [86_400_000, '24h0m0s'],
  ])('of %d ms is written as OpenAI does', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('never ends before the time it stands for, and never much after', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 200_000_000, noNaN: true }), (ms) => {
        const read = parsed(durationText(ms));
        expect(read).toBeGreaterThanOrEqual(ms);
        expect(read).toBeLessThanOrEqual(ms + (ms < 60_000 ? 1 : 1_001));
      }),
      { seed: 20_260_103 },
    );
  });
});

describe('The headers', () => {
  it('tell of both buckets', () => {
    expect(
      answerHeadersOf(
        decision({
          requests: { limit: 60, remaining: 59, resetMs: 1_000 },
          tokens: { limit: 150_000, remaining: 149_984, resetMs: 6 },
        }),
      ),
    ).toEqual({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6ms',
    });
  });

  it('say when to ask again in whole seconds, rounded up', () => {
    const refusal = { limit: 'budget', scope: 'client', waitMs: 1_200.5 } as const;
    expect(answerHeadersOf(decision({ refusal }))).toEqual({ 'retry-after': '2' });
  });

  it('promise no time where none is known', () => {
    const refusal = { limit: 'streams', scope: 'client', waitMs: undefined } as const;
    expect(answerHeadersOf(decision({ refusal }))).toBeUndefined();
  });
});

function parsed(text: string): number {
  const [, hours, minutes, seconds, ms] =
    /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:(\d+)ms)?$/.exec(text) ?? [];
  const number = (part: string | undefined): number => Number(part ?? 0);
  return number(hours) * 3_600_000 + number(minutes) * 60_000 + number(seconds) * 1_000 + number(ms);
}

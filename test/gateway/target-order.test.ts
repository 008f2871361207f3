import type { Target } from '../../gateway-app/src/core/targets';
import { targetOrder } from '../../gateway-app/src/route/target-order';

const target = (provider: string, priority: number, weight: number): Target => ({
  model: 'm',
  provider,
  providerModel: 'x',
  priority,
  weight,
  price: undefined,
});

/** Evenly spread over [0, 1), so that shares come out exactly. */
function evenly(steps: number): () => number {
  let step = 0;
  return () => (step++ % steps) / steps;
}

describe('The order of targets', () => {
  it('begins with each target of a priority as often as its weight says', () => {
    const order = targetOrder([target('a', 0, 3), target('b', 0, 1)], evenly(400));
    const first = Array.from({ length: 400 }, () => order()[0]?.provider);
    expect(first.filter((provider) => provider === 'a')).toHaveLength(300);
    expect(first.filter((provider) => provider === 'b')).toHaveLength(100);
  });

  it('holds every target once, those of a lower priority first', () => {
    const order = targetOrder([target('a', 0, 1), target('b', 0, 1), target('c', 1, 9)], evenly(7));
    for (let request = 0; request < 7; request += 1) {
      const providers = order().map(({ provider }) => provider);
      expect([...providers].sort()).toEqual(['a', 'b', 'c']);
      expect(providers[2]).toBe('c');
    }
  });

  it('takes the last target where rounding leaves the chance beyond all weights', () => {
    const order = targetOrder([target('a', 0, 1), target('b', 0, 1)], () => 1);
    expect(order()).toHaveLength(2);
  });
});

import fc from 'fast-check';
import { canonical } from '../../../gateway-app/src/cache/request-key';

const seed = 20261124;

/** The same value with the members of each object in another order. */
function shuffled(value: unknown, turn: () => number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shuffled(item, turn));
  const members = Object.entries(value).map(([name, item]) => [name, shuffled(item, turn)] as const);
  return Object.fromEntries(members.sort(() => turn() - 0.5));
}

it('is the same text for the same value, whatever the order of members', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (value, turns) => {
        const turn = () => turns.next().value as number;
        expect(canonical(shuffled(value, turn), 0)).toBe(canonical(value, 0));
      },
    ),
    { seed, numRuns: 500 },
  );
});

it('is another text for another value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const same = canonical(one, 0) === canonical(other, 0);
      // By their meaning as JSON, where -0 and 0 are one.
      expect(same).toBe(isSame(one, other));
    }),
    { seed, numRuns: 1000 },
  );
});

it('refuses what is nested too deeply, without exhausting the stack', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
  expect(() => canonical(deep, 0)).toThrow(/nested deeper/);
});

function isSame(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  try {
    expect(plain(one)).toEqual(plain(other));
    return true;
  } catch {
    return false;
  }
}

import { AnswerCache } from '../../../gateway-app/src/cache/answer-cache';

const limits = { maxBytes: 4096, maxEntryBytes: 1024, maxAgeSeconds: 60 };
const answer = (bytes: number) => ({ stream: false, body: Buffer.alloc(bytes) });

it('gives an answer again, with its age', () => {
  const cache = new AnswerCache(limits);
  cache.set('a', answer(10), 1_000);
  expect(cache.get('a', Infinity, 3_500)).toMatchObject({ ageMs: 2_500 });
  expect(cache.get('b', Infinity, 3_500)).toBeUndefined();
});

it('gives none that is older than it may be, or than the client wants', () => {
  const cache = new AnswerCache(limits);
  cache.set('a', answer(10), 0);
  expect(cache.get('a', 1_000, 1_001)).toBeUndefined();
  expect(cache.get('a', 0, 0)).toBeUndefined();
  expect(cache.get('a', Infinity, 59_999)).toBeDefined();
  expect(cache.get('a', Infinity, 60_000)).toBeUndefined();
  expect(cache).toMatchObject({ size: 0, bytes: 0 });
});

it('keeps none that is too long', () => {
  const cache = new AnswerCache(limits);
  cache.set('a', answer(1024), 0);
  cache.set('b', answer(1025), 0);
  expect(cache.get('a', Infinity, 0)).toBeDefined();
  expect(cache.get('b', Infinity, 0)).toBeUndefined();
});

it('lets go first what was not asked for longest, and never exceeds its memory', () => {
  const cache = new AnswerCache(limits);
  for (const key of ['a', 'b', 'c']) cache.set(key, answer(512), 0);
  cache.get('a', Infinity, 0);
  for (const key of ['d', 'e']) cache.set(key, answer(512), 0);
  expect(cache.bytes).toBeLessThanOrEqual(limits.maxBytes);
  expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key, Infinity, 0) !== undefined)).toEqual([
    'a',
    'c',
    'd',
    'e',
  ]);
});

it('takes a new answer in the place of an old one without counting it twice', () => {
  const cache = new AnswerCache(limits);
  for (let turn = 0; turn < 100; turn += 1) cache.set('a', answer(turn), turn);
  expect(cache).toMatchObject({ size: 1 });
  expect(cache.get('a', Infinity, 99)).toMatchObject({ ageMs: 0, answer: { body: Buffer.alloc(99) } });
  expect(cache.bytes).toBeLessThan(1024);
});

it('many small answers are bounded too', () => {
  const cache = new AnswerCache(limits);
  for (let index = 0; index < 1_000; index += 1) cache.set(String(index), answer(0), 0);
  expect(cache.bytes).toBeLessThanOrEqual(limits.maxBytes);
  expect(cache.size).toBeLessThan(10);
});

import { reasonOf, retryAfterMsOf } from '../../../gateway-app/src/upstream/attempt-failure';

describe('When a provider wants to be asked again', () => {
  const nowMs = Date.parse('2026-11-24T12:00:00Z');

  it.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['parts of a second', { 'retry-after': '0.5' }, 500],
    ['milliseconds, which are more exact', { 'retry-after-ms': '120', 'retry-after': '1' }, 120],
    ['milliseconds that make no sense', { 'retry-after-ms': 'soon', 'retry-after': '1' }, 1_000],
    ['a date', { 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30_000],
    ['a date that has passed', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
    ['nothing', {}, undefined],
    ['a negative number', { 'retry-after': '-1' }, undefined],
    ['a number beyond all sense', { 'retry-after': '99999999999999999999' }, undefined],
    ['words', { 'retry-after': 'in a while' }, undefined],
    ['no date', { 'retry-after': 'never GMT' }, undefined],
  ])('is read from %s', (_name, headers, expected) => {
    expect(retryAfterMsOf(headers, nowMs)).toBe(expected);
  });
});

it.each([
  [400, undefined],
  [404, undefined],
  [429, 'rate_limited'],
  [500, 'server_error'],
  [503, 'overloaded'],
  [520, 'server_error'],
  [529, 'overloaded'],
])('The status %i means %s', (status, reason) => {
  expect(reasonOf(status)).toBe(reason);
});

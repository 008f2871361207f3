import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { filesIn, root } from './tree';

const longestFileLines = 300;
const medianLines = 150;

/** `imports/` is generated, and `docs/` is not code. */
const folders = ['charts', 'gateway-app', 'test', 'bench'];

describe.each(folders)('%s', (folder) => {
  const sizes = filesIn(folder)
    .filter((path) => /\.(ts|js|mjs|cjs)$/.test(path))
    .map((path) => ({ path, lines: countLines(readFileSync(join(root, path), 'utf8')) }));

  it(`has no file that one person cannot hold in mind (over ${longestFileLines} lines)`, () => {
    expect(sizes.filter(({ lines }) => lines > longestFileLines)).toEqual([]);
  });

  it(`has files of which half stay below ${medianLines} lines`, () => {
    expect(sizes.length).toBeGreaterThan(0);
    expect(median(sizes.map(({ lines }) => lines))).toBeLessThan(medianLines);
  });
});

it('counts lines as an editor does, and takes the middle of their numbers', () => {
  expect(countLines('one\ntwo\n')).toBe(2);
  expect(countLines('one\ntwo')).toBe(2);
  expect(median([400, 10, 20])).toBe(20);
  expect(median([400, 200, 100, 10])).toBe(150);
});

function countLines(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

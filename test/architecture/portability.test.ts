import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { filesIn, root } from './tree';

/** Home and working folders of a machine: a path into one works on that machine alone. The base image has `nonroot`. */
const machinePath = /(^|[^\w.-])\/(work|root|home(?!\/nonroot\b)|Users|mnt|workspace)\/[\w.-]/;

/** The lock file may name packages, but no host to fetch them from: that is the choice of whoever installs. */
const registry = /"resolved": "https?:|^\s*(@[\w-]+:)?registry\s*=|--registry[ =]|:_auth[T]oken/m;

const texts = filesIn('')
  .filter((path) => !/\.(png|jpg|ico|gz|tgz)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

it('holds no path of a machine', () => {
  expect(texts.length).toBeGreaterThan(100);
  const lines = texts.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => machinePath.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
});

it('names no package registry', () => {
  expect(texts.filter(({ text }) => registry.test(text)).map(({ path }) => path)).toEqual([]);
});

it('would see either', () => {
  expect(['', 'home', 'someone', 'gateway'].join('/')).toMatch(machinePath);
  expect(`cd ${['', 'work', 'main'].join('/')}`).toMatch(machinePath);
  expect('registry.example/home/gateway:1').not.toMatch(machinePath);
  expect('"resolved": ' + '"https://mirror.example/yaml.tgz"').toMatch(registry);
  expect('registry' + '=https://mirror.example').toMatch(registry);
});

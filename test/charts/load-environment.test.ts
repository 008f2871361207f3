import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import production from '../../charts/config/environments/production';
import { loadEnvironment } from '../../charts/load-environment';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it('finds an environment by its name', () => {
  expect(loadEnvironment('production').input).toEqual(production);
});

it('finds one by its path', () => {
  const path = file('own.js', 'exports.default = { owner: "us" };');
  expect(loadEnvironment(path)).toEqual({ path, input: { owner: 'us' } });
});

it.each([
  [
    'a name that is none',
    'nowhere',
    /nowhere: there is no environment of this name\..*give one of production, or a path/,
  ],
  ['a path that is none', './nowhere.ts', /nowhere\.ts: there is no such file/],
])('refuses %s', (_what, environment, message) => {
  expect(() => loadEnvironment(environment)).toThrow(message);
});

it('refuses a file without a default export', () => {
  expect(() => loadEnvironment(file('empty.js', 'exports.environment = {};'))).toThrow(
    /empty\.js has no default export\. No manifest is written\. Fix: export the environment/,
  );
});

it('names the line of a file that throws', () => {
  const path = file('throws.js', '\nthrow new Error("amounts cannot be negative");');
  expect(() => loadEnvironment(path)).toThrow(
    /throws\.js:2:\d+ could not be evaluated: amounts cannot be negative\./,
  );
});

it('names a module that is not installed where the file lies', () => {
  const outside = file('outside.js', 'require("no-such-package");');
  expect(() => loadEnvironment(outside)).toThrow(
    /outside\.js needs the module no-such-package, .* Fix: put the file inside a folder where cdk8s .* is installed/,
  );
});

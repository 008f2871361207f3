import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { cruise, type Cruise } from './cruise';
import { importCases } from './import-cases';
import { root } from './tree';

const { forbidden: rules } = createRequire(__filename)('../../.dependency-cruiser.cjs') as {
  forbidden: readonly { name: string }[];
};

// It reads every file of the repository.
jest.setTimeout(120_000);

it('finds no forbidden import in this repository', () => {
  const { violations, moduleCount } = cruise(root, ['charts', 'gateway-app', 'test', 'bench', 'examples']);
  expect(violations).toEqual([]);
  expect(moduleCount).toBeGreaterThan(100);
});

it('has cases for every rule', () => {
  expect(Object.keys(importCases)).toEqual(rules.map(({ name }) => name));
});

describe('each import rule', () => {
  let tree: string;
  let seen: Cruise;

  beforeAll(() => {
    tree = realpathSync(mkdtempSync(join(tmpdir(), 'import-rules-')));
    cpSync(join(root, 'tsconfig.json'), join(tree, 'tsconfig.json'));
    declare('package.json', {
      dependencies: { 'only-for-charts': '1.0.0' },
      devDependencies: { 'only-for-development': '1.0.0', constructs: '1.0.0' },
    });
    declare('gateway-app/package.json', { dependencies: { 'only-for-the-app': '1.0.0' } });
    for (const edge of Object.values(importCases).flatMap(({ forbidden, allowed }) => [
      ...forbidden,
      ...allowed,
    ])) {
      writeImport(edge);
    }
    seen = cruise(tree, ['charts', 'gateway-app', 'examples']);
  });

  afterAll(() => {
    rmSync(tree, { recursive: true, force: true });
  });

  it.each(Object.entries(importCases))('reports what breaks %s', (rule, { forbidden }) => {
    const reported = seen.violations.filter((violation) => violation.rule === rule);
    expect(reported.map(({ edge }) => edge)).toEqual(expect.arrayContaining([...forbidden]));
  });

  it('reports nothing else', () => {
    const forbidden = new Set(Object.values(importCases).flatMap((cases) => cases.forbidden));
    expect(seen.violations.filter(({ edge }) => !forbidden.has(edge))).toEqual([]);
  });

  function declare(path: string, packageJson: object): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), JSON.stringify({ name: 'fixture', version: '1.0.0', ...packageJson }));
  }

  function writeImport(edge: string): void {
    const [from, to] = edge.split(' -> ') as [string, string];
    const isPackage = to.startsWith('node_modules/');
    const specifier = isPackage
      ? to.replace(/^node_modules\/(.*)\/index\.js$/, '$1')
      : to.startsWith('./')
        ? to
        : `./${relative(dirname(from), to)}`.replace(/^\.\/\.\./, '..').replace(/\.ts$/, '');
    append(from, `import '${specifier}';\n`);
    if (isPackage) declare(join(dirname(to), 'package.json'), { name: specifier, main: 'index.js' });
    if (!to.startsWith('./')) append(to, '');
  }

  function append(path: string, text: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    appendFileSync(join(tree, path), text);
  }
});

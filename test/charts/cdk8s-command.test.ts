import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contents, npmRunSynth, root, run } from './run-synth';

const cdk8s = join(root, 'node_modules', '.bin', 'cdk8s');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk8s-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('`cdk8s synth` writes what `npm run synth` writes, and its validation agrees', () => {
  const out = join(folder, 'cli');
  const { status, stdout } = run(cdk8s, ['synth', '--check-upgrade=false', '--output', out]);
  expect(stdout).toContain('success');
  expect(status).toBe(0);
  npmRunSynth(['--out', join(folder, 'npm')]);
  expect(contents(out)).toEqual(contents(join(folder, 'npm')));
});

it('`npm run imports` gives the files that are committed', () => {
  cpSync(join(root, 'cdk8s.yaml'), join(folder, 'cdk8s.yaml'));
  cpSync(join(root, 'imports', 'crds'), join(folder, 'imports', 'crds'), { recursive: true });
  const { status } = spawnSync(cdk8s, ['import', '--check-upgrade=false'], { cwd: folder });
  expect(status).toBe(0);
  const generated = readdirSync(join(folder, 'imports')).filter((file) => file.endsWith('.ts'));
  const committed = readdirSync(join(root, 'imports')).filter((file) => file.endsWith('.ts'));
  expect(generated.sort()).toEqual(committed.sort());
  for (const file of committed) {
    expect(readFileSync(join(folder, 'imports', file), 'utf8')).toBe(
      readFileSync(join(root, 'imports', file), 'utf8'),
    );
  }
});

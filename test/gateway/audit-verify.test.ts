import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditChain } from '../support/audit-lines';

// Each starts processes that compile TypeScript, which takes long on a busy machine.
jest.setTimeout(120_000);

const root = join(__dirname, '../..');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'audit-verify-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

function verify(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('npm', ['run', '--silent', 'audit:verify', '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

describe('npm run audit:verify', () => {
  const lines = auditChain('pod-a', 3);

  it('says that a chain is whole, where it ends, and its head', () => {
    const { status, stdout } = verify(file('whole', lines));
    expect(stdout).toMatch(
      /^chain pod-a: sequence 0 to 4 \(2026-01-01T00:00:00.000Z\), ended by its process; head [0-9a-f]{64}\n/,
    );
    expect(stdout).toContain('WHOLE: 0 findings, 5 audit lines, 1 chain, 0 lines of other kinds skipped');
    expect(status).toBe(0);
  });

  it('says exactly where a chain is broken, and how', () => {
    const path = file('broken', [lines[0]!, lines[1]!.replace('r-0', 'r-9'), lines[3]!, lines[4]!]);
    const { status, stdout } = verify(path);
    expect(stdout).toContain(`${path}:2: changed: `);
    expect(stdout).toContain(`${path}:3: missing: chain pod-a: sequence 2 is missing before this line`);
    expect(stdout).toContain('BROKEN: 2 findings');
    expect(status).toBe(1);
  });

  it('reads the collected output of several pods, and takes a head that is known from elsewhere', () => {
    const other = auditChain('pod-b', 3);
    const mixed = file('mixed', [lines[0]!, other[0]!, '{"level":"info"}', other[1]!, ...lines.slice(1)]);
    const whole = verify('--mixed', '--head', 'pod-a:4', mixed);
    expect(whole.stdout).toContain('chain pod-b: sequence 0 to 1');
    expect(whole.stdout).toContain(
      'without an end: its process runs, was killed, or lines at the end were cut off',
    );
    expect(whole.status).toBe(0);
    const cut = verify('--mixed', '--head', 'pod-b:4', mixed);
    expect(cut.stdout).toContain(
      'cut: chain pod-b is known to have reached sequence 4, and it ends with sequence 1',
    );
    expect(cut.status).toBe(1);
  });

  it.each([
    [[], 'No file was given.'],
    [['/does/not/exist'], 'ENOENT'],
    [['--head', 'x', 'file'], '--head x is neither a hash'],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('exits 2 for %j, and says how it is used', (args, message) => {
    const { status, stderr } = verify(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: npm run audit:verify');
    expect(status).toBe(2);
  });
});

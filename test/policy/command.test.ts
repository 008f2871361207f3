import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import production from '../../charts/config/environments/production';
import { writeOutput } from '../../charts/output/write';
import type { Report } from '../../charts/policy/report';
import { synthesize } from '../../charts/synthesize';

const root = resolve(__dirname, '../..');
const naive = join(__dirname, 'naive');

// Each run starts npm and node, on a machine that may be busy.
jest.setTimeout(120_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-command-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** As a user types it. */
function npmRunPolicy(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'policy', '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run policy', () => {
  it('exits with 0 for what the synth has written, strict as well, and prints its exceptions', () => {
    const { folders, policy } = synthesize(production);
    const dist = join(folder, 'dist');
    const lasting = policy.exceptions.map((exception) => ({ ...exception, expires: '9999-12-31' }));
    writeOutput(dist, folders, { ...policy, exceptions: lasting });
    const { status, stdout, stderr } = npmRunPolicy(dist, '--strict');
    expect(stdout).toMatch(/^exception image-unreleased until 9999-12-31: .*release/);
    expect(stdout).toMatch(/exception memory-request-equals-limit of Deployment ai-gateway until/);
    expect(stdout).toMatch(/\d+ files judged by \d+ checks: 0 findings of 0 checks\.\n$/);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('exits with 2 where checks are broken, with a table of the findings and how to mend them', () => {
    const { status, stdout, stderr } = npmRunPolicy(naive);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^check +object +field +found +file$/);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^replicas-left-to-autoscaler +Deployment ai-platform\/api-gateway +spec\.replicas +3 +\S*api-gateway\.yaml$/,
      ),
    );
    expect(stdout).toMatch(
      /\nreplicas-left-to-autoscaler\n {2}Each apply .*\n {2}Fix: Remove spec\.replicas/,
    );
    expect(stdout).not.toContain('not-a-real-key');
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
  });

  it('prints the same as JSON', () => {
    const { status, stdout } = npmRunPolicy(naive, '--json');
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ files: 4, passed: false, exceptions: [] });
    expect(report.findings).toContainEqual(
      expect.objectContaining({ checkId: 'replicas-left-to-autoscaler', path: 'spec.replicas', found: 3 }),
    );
    expect(status).toBe(2);
  });

  it('exits with 1 and a sentence where nothing could be judged', () => {
    const torn = join(folder, 'torn.yaml');
    writeFileSync(torn, 'a: {');
    const { status, stdout, stderr } = npmRunPolicy(folder);
    expect(stderr).toMatch(/torn\.yaml is not valid YAML, so the policy judged nothing/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    rmSync(torn);
  });

  it.each([[['--loud']], [['one', 'two']]])('exits with 1 and its usage for %p', (args) => {
    const { status, stdout, stderr } = npmRunPolicy(...args);
    expect(stderr).toMatch(/Nothing is judged\. Fix: npm run policy -- \[DIR\] \[--json\] \[--strict\]\./);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

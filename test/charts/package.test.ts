import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contents, root, run } from './run-synth';

describe('The built package', () => {
  let lib: string;

  beforeAll(() => {
    // Inside the repository, since what is built looks for its packages above itself.
    lib = mkdtempSync(join(root, 'node_modules', '.built-'));
    const { status, stdout } = run('npm', ['run', '--silent', 'build', '--', '--outDir', lib]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  }, 120_000);

  afterAll(() => {
    rmSync(lib, { recursive: true });
  });

  it('is plain JavaScript that gives an app team the public API', () => {
    const { stdout, stderr } = run('node', [
      '-p',
      `Object.keys(require(${JSON.stringify(join(lib, 'charts', 'index.js'))})).sort().join(' ')`,
    ]);
    expect(stderr).toBe('');
    expect(stdout.trim().split(' ')).toEqual(
      expect.arrayContaining(['AiGateway', 'Autoscaling', 'Monitoring', 'Network', 'Secrets', 'synthesize']),
    );
  });

  it('synthesizes the reference without a compiler', () => {
    const out = join(lib, 'dist');
    const { status, stderr } = run('node', [join(lib, 'charts', 'main.js'), '--out', out]);
    expect(stderr).not.toMatch(/Error/);
    expect(status).toBe(0);
    expect(Object.keys(contents(out))).toContain('us-east-1/50-deployment-ai-gateway.yaml');
  });
});

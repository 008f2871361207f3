import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contents, root, run } from './run-synth';

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const example = (name: string): string =>
  readFileSync(join(root, 'examples', name), 'utf8').replace("'../charts'", "'cdk8s-ai-gateway'");

describe('The package', () => {
  /** Inside the repository, since what is built looks for its packages above itself. */
  let staging: string;
  let scratch: string;

  beforeAll(() => {
    staging = mkdtempSync(join(root, 'node_modules', '.built-'));
    scratch = mkdtempSync(join(tmpdir(), 'package-'));
    const built = run('npm', ['run', '--silent', 'build', '--', '--outDir', join(staging, 'lib')]);
    expect(built).toMatchObject({ status: 0, stdout: '' });
    for (const file of ['package.json', 'README.md', 'LICENSE'])
      copyFileSync(join(root, file), join(staging, file));
    // The build is the one script before it, and has just run elsewhere than in the repository.
    const packed = run('npm', [
      'pack',
      '--ignore-scripts',
      '--silent',
      '--pack-destination',
      scratch,
      staging,
    ]);
    expect(packed).toMatchObject({ status: 0 });
    const unpacked = run('tar', ['-xzf', join(scratch, packed.stdout.trim()), '-C', scratch]);
    expect(unpacked).toMatchObject({ status: 0 });
  }, 180_000);

  afterAll(() => {
    rmSync(staging, { recursive: true });
    rmSync(scratch, { recursive: true });
  });

  it('synthesizes the reference without a compiler', () => {
    const out = join(staging, 'dist');
    const { status, stderr } = run('node', [join(staging, 'lib', 'charts', 'main.js'), '--out', out]);
    expect(stderr).not.toMatch(/Error/);
    expect(status).toBe(0);
    expect(Object.keys(contents(out))).toContain('us-east-1/50-deployment-ai-gateway.yaml');
  });

  describe.each(['commonjs', 'module'])('in a project of type %s', (type) => {
    let project: string;
    let compiled: ReturnType<typeof run>;

    beforeAll(() => {
      project = projectOf(scratch, type);
      writeFileSync(join(project, 'minimal.ts'), example('minimal.ts'));
      writeFileSync(join(project, 'consumer.ts'), example('consumer.ts'));
      writeFileSync(
        join(project, 'wrong.ts'),
        example('consumer.ts').replace("tenant: 'search'", "tenant: 'nobody'"),
      );
      compiled = run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', project]);
    }, 120_000);

    it('has types that hold, and by which a wrong tenant does not compile', () => {
      const errors = compiled.stdout.split('\n').filter((line) => line.includes('error TS'));
      expect(errors).toEqual([expect.stringMatching(/wrong\.ts\(\d+,\d+\): error TS2322: Type '"nobody"'/)]);
    });

    it.each([
      ['minimal.js', 'dist-example/search-ai.k8s.yaml', 'kind: HorizontalPodAutoscaler'],
      ['consumer.js', 'dist-consumer/search.k8s.yaml', 'kind: ExternalSecret'],
    ])('synthesizes by %s', (script, file, kind) => {
      const { status, stderr } = node(project, script);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(readFileSync(join(project, file), 'utf8')).toContain(kind);
    });

    it('says of a wrong tenant at synth what the compiler says', () => {
      const { status, stderr } = node(project, 'wrong.js');
      expect(status).toBe(1);
      expect(stderr).toContain('tenant: found "nobody"');
    });
  });
});

/** Runs a script of a project in its folder. */
function node(cwd: string, script: string) {
  return spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' });
}

/** A project with the unpacked package and what it says it needs, as npm would lay them out. */
function projectOf(scratch: string, type: string): string {
  const project = join(scratch, type);
  const link = (target: string, name: string): void => {
    const place = join(project, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place);
  };
  const copy = join(project, 'node_modules', 'cdk8s-ai-gateway');
  mkdirSync(dirname(copy), { recursive: true });
  // No link: its own packages must be found from where it stands.
  expect(run('cp', ['-r', join(scratch, 'package'), copy])).toMatchObject({ status: 0 });
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(copy, 'package.json'), 'utf8'),
  ) as Package;
  const names = [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node'];
  for (const name of names.filter((one) => existsSync(join(root, 'node_modules', one)))) {
    link(join(root, 'node_modules', name), name);
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'scratch', version: '1.0.0', type }));
  const compilerOptions = {
    target: 'es2022',
    module: 'node16',
    moduleResolution: 'node16',
    strict: true,
    types: ['node'],
    skipLibCheck: false,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  return project;
}

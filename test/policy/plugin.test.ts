import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { stringify } from 'yaml';

import type { Changes } from './changes';
import { deployment } from './deployment';
import { surroundings } from './objects';

const root = resolve(__dirname, '../..');

/** What `npx cdk8s` runs. The search for a newer version would need a network. */
const cdk8s = [join(root, 'node_modules/cdk8s-cli/bin/cdk8s'), 'synth', '--check-upgrade=false'];

// Each test starts two processes or three, on a machine that may be busy.
jest.setTimeout(120_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-plugin-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly reports: readonly {
    readonly summary: { readonly status: string };
    readonly violations: readonly unknown[];
  }[];
}

/** Synthesizes a cdk8s app with one Deployment per region, as `cdk8s synth` with our validation in its cdk8s.yaml. */
function synth(regions: Readonly<Record<string, Changes>>) {
  const objects = Object.fromEntries(
    Object.entries(regions).map(([name, changes]) => [name, [...surroundings(), deployment(changes)]]),
  );
  writeFileSync(
    join(folder, 'app.js'),
    `const { ApiObject, App, Chart } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
     const { join } = require('node:path');
     for (const [region, objects] of Object.entries(${JSON.stringify(objects)})) {
       const app = new App({ outdir: join(process.env.CDK8S_OUTDIR, region), recordConstructMetadata: false });
       const chart = new Chart(app, 'gateway');
       objects.forEach((object, index) => new ApiObject(chart, 'object-' + index, object));
       app.synth();
     }`,
  );
  return run();
}

function run() {
  writeFileSync(
    join(folder, 'cdk8s.yaml'),
    stringify({
      language: 'typescript',
      app: 'node app.js',
      output: 'dist',
      validations: [{ package: join(root, 'charts/policy'), version: '0.1.0', class: 'ManifestPolicy' }],
    }),
  );
  const reportFile = join(folder, 'report.json');
  const result = spawn(folder, [`--validation-reports-output-file=${reportFile}`]);
  const report = existsSync(reportFile)
    ? (JSON.parse(readFileSync(reportFile, 'utf8')) as Report).reports[0]
    : undefined;
  return { ...result, report };
}

function spawn(cwd: string, options: readonly string[]) {
  const result = spawnSync(process.execPath, [...cdk8s, ...options], { cwd, encoding: 'utf8' });
  return { status: result.status, output: result.stdout + result.stderr };
}

describe('cdk8s synth with the policy', () => {
  it('exits with 0 where every check is kept, and leaves only manifests in the output', () => {
    const { status, report } = synth({ east: {}, west: {} });
    expect(report?.summary.status).toBe('success');
    expect(report?.violations).toEqual([]);
    expect(status).toBe(0);
    expect(readdirSync(join(folder, 'dist/east'))).toEqual(['gateway.k8s.yaml']);
  });

  it('exits with 2 on a violation, and prints check, object, file, place, reason and fix', () => {
    const { status, output } = synth({
      east: { 'containers[0].securityContext.privileged': true },
      west: {},
    });
    expect(status).toBe(2);
    expect(output).toContain('not-privileged (1 occurrences)');
    expect(output).toContain('Resource Name: Deployment production/gateway');
    expect(output).toContain('Manifest Path: dist/east/gateway.k8s.yaml');
    expect(output).toContain('spec.template.spec.containers[0].securityContext.privileged is true');
    expect(output).toContain('it is root there');
    expect(output).toContain('How to fix: Remove securityContext.privileged');
  });

  it('tells the same object of two regions apart, and gathers an object’s places under one check', () => {
    const { report } = synth({
      east: { hostPID: true, hostIPC: true },
      west: { hostPID: true },
    });
    expect(report?.violations).toMatchObject([
      {
        ruleName: 'no-host-access',
        violatingConstructs: [
          {
            manifestPath: 'dist/east/gateway.k8s.yaml',
            locations: ['spec.template.spec.hostPID is true', 'spec.template.spec.hostIPC is true'],
          },
          { manifestPath: 'dist/west/gateway.k8s.yaml', locations: ['spec.template.spec.hostPID is true'] },
        ],
      },
    ]);
  });

  it('reads a truth value as the API server does', () => {
    writeApp('{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [], hostPID: yes}}');
    expect(run().output).toContain('spec.hostPID is true');
  });

  it('judges nothing and says so where a file is no YAML', () => {
    writeApp('{apiVersion: v1, kind: Pod');
    const { status, output } = run();
    expect(status).toBe(1);
    expect(output).toContain('dist/manifest.yaml is not valid YAML, so the policy judged nothing');
  });
});

describe('cdk8s synth of this project', () => {
  it('keeps the policy in every region, by the validation that cdk8s.yaml names', () => {
    const { status, output } = spawn(root, [`--output=${join(folder, 'dist')}`]);
    expect(output).toContain('Validations ended succesfully');
    expect(status).toBe(0);
    const written = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(written).toContainEqual(expect.stringMatching(/^us-east-1.*deployment/));
    // `kubectl apply -f` reads JSON too, and fails at construct metadata: only the report has any, beside the folders.
    expect(written.filter((path) => path.endsWith('.json'))).toEqual(['report.json']);
  });
});

/** An app that writes one file by hand, as a construct that wraps another tool does. */
function writeApp(manifest: string): void {
  writeFileSync(
    join(folder, 'app.js'),
    `const { mkdirSync, writeFileSync } = require('node:fs');
     mkdirSync(process.env.CDK8S_OUTDIR, { recursive: true });
     writeFileSync(process.env.CDK8S_OUTDIR + '/manifest.yaml', ${JSON.stringify(manifest)});`,
  );
}

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOutput } from '../../charts/output/write';
import type { ManifestFolder } from '../../charts/synthesize';
import { contents } from './run-synth';

const east: ManifestFolder = {
  name: 'us-east-1',
  manifests: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'a' }, data: { on: 'yes' } },
  ],
};
const global: ManifestFolder = {
  name: 'global',
  manifests: [{ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'b', namespace: 'a' } }],
};

let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-'));
  out = join(folder, 'deep', 'out');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('writes each object to a file of its own, in YAML that every parser reads alike', () => {
  writeOutput(out, [east, global]);
  expect(contents(out)).toMatchObject({
    'global/60-thing-b.yaml': expect.stringContaining('kind: Thing'),
    'us-east-1/00-namespace-a.yaml': expect.stringContaining('kind: Namespace'),
    // Bare, these are booleans to a parser of YAML 1.1, such as the API server's.
    'us-east-1/20-configmap-a.yaml': expect.stringContaining('"on": "yes"'),
  });
});

it('replaces what an earlier synth has written, and leaves nothing of it or beside it', () => {
  writeOutput(out, [east, global]);
  writeOutput(out, [global]);
  expect(Object.keys(contents(out))).toEqual(['.synthesized-files', 'global/60-thing-b.yaml']);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['out']);
});

it('fills an empty folder', () => {
  mkdirSync(out, { recursive: true });
  writeOutput(out, [global]);
  expect(Object.keys(contents(out))).toContain('global/60-thing-b.yaml');
});

it('follows a link to the folder, and keeps the link', () => {
  const real = join(folder, 'real');
  mkdirSync(real);
  symlinkSync(real, join(folder, 'link'));
  writeOutput(join(folder, 'link'), [global]);
  expect(Object.keys(contents(real))).toContain('global/60-thing-b.yaml');
  expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
});

it('refuses a folder that holds what no synth has written', () => {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'thesis.txt'), 'irreplaceable');
  expect(() => {
    writeOutput(out, [east]);
  }).toThrow(/out holds thesis\.txt, which no synth has written\..*Fix: choose another folder/);
  expect(contents(out)).toEqual({ 'thesis.txt': 'irreplaceable' });
});

it('refuses a folder into which somebody has put a file since', () => {
  writeOutput(out, [east]);
  writeFileSync(join(out, 'us-east-1', 'extra.yaml'), 'kind: Extra\n');
  const before = contents(out);
  expect(() => {
    writeOutput(out, [east]);
  }).toThrow(/holds us-east-1\/extra\.yaml/);
  expect(contents(out)).toEqual(before);
});

it('refuses the folder it is run in, and a file', () => {
  expect(() => {
    writeOutput('.', [east]);
  }).toThrow(/no synth has written/);
  writeFileSync(join(folder, 'file'), '');
  expect(() => {
    writeOutput(join(folder, 'file'), [east]);
  }).toThrow(/is a file/);
});

it('leaves the output as it was where writing fails', () => {
  writeOutput(out, [east]);
  const before = contents(out);
  expect(() => {
    writeOutput(out, [
      east,
      { name: 'global', manifests: global.manifests },
      { name: 'global', manifests: [] },
    ]);
  }).toThrow(/EEXIST/);
  expect(contents(out)).toEqual(before);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['out']);
});

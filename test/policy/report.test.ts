import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { formatReport } from '../../charts/policy/format-report';
import { reportOn } from '../../charts/policy/report';
import { withChanges, type Fields } from './changes';
import { deployment } from './deployment';
import { judge, surroundings } from './objects';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-report-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function writeObjects(name: string, objects: readonly Fields[]): void {
  write(name, objects.map((object) => stringify(object)).join('---\n'));
}

const writable = () => deployment({ 'containers[0].securityContext.readOnlyRootFilesystem': false });
const found = () => reportOn(folder).findings.map(({ checkId, file }) => [checkId, file]);

describe('a folder', () => {
  it('is judged as a whole, with what is below it, since its objects are applied together', () => {
    writeObjects('accounts/account.yaml', surroundings().slice(0, 1));
    writeObjects('network/policy.yml', surroundings().slice(1));
    writeObjects('deployment.yaml', [deployment()]);
    expect(reportOn(folder)).toEqual({ files: 3, findings: [], exceptions: [], passed: true });
  });

  it('is read with its lists, its JSON, and all documents of a file', () => {
    writeObjects('all.yaml', [...surroundings(), object('a')]);
    write('list.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [writable()] }));
    expect(found()).toEqual([['read-only-root-filesystem', join(folder, 'list.json')]]);
  });

  it('that the synth has written is judged cluster by cluster', () => {
    const files = ['east/all.yaml', 'west/all.yaml'];
    for (const file of files) writeObjects(file, [...surroundings(), deployment()]);
    expect(found().map(([checkId]) => checkId)).toEqual([
      'unique-objects',
      'unique-objects',
      'unique-objects',
    ]);
    write('.synthesized-files', files.join('\n'));
    expect(found()).toEqual([]);
  });

  it('is not looked into where tools keep their own files', () => {
    writeObjects('all.yaml', surroundings());
    write('.git/config.yaml', '{');
    write('node_modules/a/package.json', '{}');
    expect(reportOn(folder)).toMatchObject({ files: 1, findings: [] });
  });
});

describe('what cannot be judged', () => {
  it.each([
    ['a folder that is not there', 'nowhere', /nowhere is no folder.*judged nothing/],
    ['a file', 'file.yaml', /file\.yaml is no folder/],
    ['a folder without manifests', 'empty', /empty holds no \.yaml/],
    ['a file that is no YAML', 'torn', /torn\/a\.yaml is not valid YAML, so the policy judged nothing/],
    ['settings that are no JSON', 'unset', /unset\/\.policy-settings is not valid JSON/],
    ['settings with another id', 'wrong', /exceptions\[0\]\.id: found "all"\. Rule: must be one of/],
  ])('%s is an error', (_what, name, message) => {
    write('file.yaml', 'kind: A');
    mkdirSync(join(folder, 'empty'));
    write('torn/a.yaml', 'a: {');
    for (const place of ['unset', 'wrong']) writeObjects(`${place}/a.yaml`, surroundings());
    write('unset/.policy-settings', '{');
    write(
      'wrong/.policy-settings',
      '{"exceptions": [{"id": "all", "reason": "x", "expires": "2030-01-01"}]}',
    );
    expect(() => reportOn(join(folder, name))).toThrow(message);
  });
});

describe('an exception', () => {
  const about = (name: string, expires = '2030-01-31') => ({
    id: 'read-only-root-filesystem' as const,
    reason: 'it writes beside its program',
    expires,
    object: { kind: 'Deployment', name },
  });
  const on = (day: string, strict = false) =>
    reportOn(folder, { today: new Date(`${day}T12:00:00Z`), strict });
  const settle = (...exceptions: object[]) => {
    writeObjects('all.yaml', [...surroundings(), writable()]);
    write('.policy-settings', JSON.stringify({ exceptions }));
  };

  it('excuses its check in its object, to the end of its last day', () => {
    settle(about('gateway'));
    expect(on('2030-01-31', true)).toMatchObject({
      findings: [],
      exceptions: [{ expired: false, excused: 1 }],
      passed: true,
    });
  });

  it('excuses no other object and no other check', () => {
    settle(about('other'), { ...about('gateway'), id: 'not-privileged' });
    expect(on('2030-01-01')).toMatchObject({
      findings: [{ checkId: 'read-only-root-filesystem' }],
      exceptions: [{ excused: 0 }, { excused: 0 }],
      passed: false,
    });
  });

  it('still excuses when it has expired, but not where the policy is strict', () => {
    settle(about('gateway'));
    expect(on('2030-02-01')).toMatchObject({ findings: [], exceptions: [{ expired: true }], passed: true });
    expect(on('2030-02-01', true)).toMatchObject({
      findings: [{ checkId: 'read-only-root-filesystem' }],
      passed: false,
    });
  });

  it('fails a strict run by having expired, even where it excuses nothing', () => {
    settle(about('gateway'), about('other', '2029-12-31'));
    expect(on('2030-01-01', true)).toMatchObject({ findings: [], passed: false });
  });

  it('is printed with its reason, and named where it has expired or excuses nothing', () => {
    settle(about('gateway', '2029-12-31'), about('other'));
    const today = new Date('2030-01-01T12:00:00Z');
    const text = formatReport(reportOn(folder, { today }), today);
    expect(text).toMatch(
      /exception read-only-root-filesystem of Deployment gateway has expired on 2029-12-31: it writes beside its program\./,
    );
    expect(text).toMatch(/of Deployment other until 2030-01-31: .* It excuses nothing here: remove it\./);
  });

  it('holds for the folders of the clusters below the one it lies in', () => {
    writeObjects('east/all.yaml', [...surroundings(), writable()]);
    write('.policy-settings', JSON.stringify({ exceptions: [about('gateway')] }));
    expect(reportOn(join(folder, 'east')).findings).toEqual([]);
  });

  it('can be handed to the library, as image registries can', () => {
    expect(judge([writable()], { exceptions: [about('gateway')] })).toEqual([]);
    expect(judge([deployment()], { imageRegistries: ['registry.example'] })).toEqual([]);
    expect(judge([deployment()], { imageRegistries: ['other.example'] })).toMatchObject([
      { checkId: 'image-registry' },
      { checkId: 'image-registry' },
    ]);
  });

  it('for an image that is unreleased is one for its digest and its registry', () => {
    const unreleased = deployment({ 'containers[0].image': 'gateway:v1' });
    const exceptions = [{ id: 'image-unreleased' as const, reason: 'not built', expires: '2030-01-01' }];
    expect(judge([unreleased]).map(({ checkId }) => checkId)).toEqual([
      'image-tag-and-digest',
      'image-registry',
    ]);
    expect(judge([unreleased], { exceptions })).toEqual([]);
  });
});

function object(name: string): Fields {
  return withChanges(surroundings()[0]!, { 'metadata.name': name });
}

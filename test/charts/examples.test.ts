import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { validateManifests } from '../../charts';
import { contents, run } from './run-synth';

it('The minimal example gives an app team the whole, and keeps the policy', () => {
  const out = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const { status, stderr } = run('node', ['-r', 'ts-node/register/transpile-only', 'examples/minimal.ts'], {
      CDK8S_OUTDIR: out,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [[file, text] = ['', '']] = Object.entries(contents(out));
    expect(file).toBe('search-ai.k8s.yaml');
    const objects = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    expect(objects).toHaveLength(12);
    expect(validateManifests(objects)).toEqual([]);
  } finally {
    rmSync(out, { recursive: true });
  }
});

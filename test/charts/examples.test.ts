import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Manifest, validateManifests } from '../../charts';
import { contents, root } from './run-synth';

const tsNode = require.resolve('ts-node/register/transpile-only');

/** What an example writes, in a folder other than the repository: it names its output folder itself. */
function written(example: string): { file: string; objects: Manifest[] } {
  const out = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['-r', tsNode, join(root, 'examples', example)], {
      cwd: out,
      encoding: 'utf8',
      env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.json') },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [[file, text] = ['', '']] = Object.entries(contents(out));
    return { file, objects: parseAllDocuments(text).map((document) => document.toJS() as Manifest) };
  } finally {
    rmSync(out, { recursive: true });
  }
}

it('The minimal example gives an app team the whole, and keeps the policy', () => {
  const { file, objects } = written('minimal.ts');
  // Not dist/: a synth refuses a folder that holds what none has written.
  expect(file).toBe('dist-example/search-ai.k8s.yaml');
  expect(objects).toHaveLength(17);
  expect(validateManifests(objects)).toEqual([]);
});

it('The example of a consumer gives its workload all that it needs', () => {
  const { file, objects } = written('consumer.ts');
  expect(file).toBe('dist-consumer/search.k8s.yaml');
  expect(objects.map(({ kind }) => kind).sort()).toEqual([
    'Deployment',
    'ExternalSecret',
    'NetworkPolicy',
    'SecretStore',
    'ServiceAccount',
  ]);
});

it('The README shows the example as it is', () => {
  const example = readFileSync(join(root, 'examples', 'minimal.ts'), 'utf8');
  const shown = example.replace("'../charts'", "'cdk8s-ai-gateway'");
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`\`\`\`ts\n${shown}\`\`\``);
});

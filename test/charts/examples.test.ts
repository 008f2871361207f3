import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { validateManifests } from '../../charts';
import { contents, root } from './run-synth';

const tsNode = require.resolve('ts-node/register/transpile-only');

it('The minimal example gives an app team the whole, and keeps the policy', () => {
  const out = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    // Elsewhere than the repository: the example names its folder itself.
    const { status, stderr } = spawnSync(
      process.execPath,
      ['-r', tsNode, join(root, 'examples', 'minimal.ts')],
      {
        cwd: out,
        encoding: 'utf8',
        env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.json') },
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [[file, text] = ['', '']] = Object.entries(contents(out));
    // Not dist/: a synth refuses a folder that holds what none has written.
    expect(file).toBe('dist-example/search-ai.k8s.yaml');
    const objects = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    expect(objects).toHaveLength(12);
    expect(validateManifests(objects)).toEqual([]);
  } finally {
    rmSync(out, { recursive: true });
  }
});

it('The README shows the example as it is', () => {
  const example = readFileSync(join(root, 'examples', 'minimal.ts'), 'utf8');
  const shown = example.replace("'../charts'", "'cdk8s-ai-gateway'");
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`\`\`\`ts\n${shown}\`\`\``);
});

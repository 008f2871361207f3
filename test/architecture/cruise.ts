import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './tree';

/** An import that a rule forbids, as `from -> to`. */
export interface ForbiddenImport {
  readonly rule: string;
  readonly edge: string;
}

export interface Cruise {
  readonly violations: readonly ForbiddenImport[];
  readonly moduleCount: number;
}

/** The violations of the import rules in a tree, which holds its own tsconfig.json and package.json. */
export function cruise(tree: string, folders: readonly string[]): Cruise {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--config', config, '--output-type', 'json', ...folders],
    { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no result: ${stdout}${stderr}`);
  const { modules, summary } = JSON.parse(stdout) as {
    modules: readonly unknown[];
    summary: { violations: readonly { from: string; to: string; rule: { name: string } }[] };
  };
  return {
    moduleCount: modules.length,
    violations: summary.violations.map(({ from, to, rule }) => ({
      rule: rule.name,
      edge: `${from} -> ${to}`,
    })),
  };
}

import { execFileSync } from 'node:child_process';
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

import { stringify } from 'yaml';

import { environmentModule } from './environment';

const root = resolve(__dirname, '../..');

/** A way to start the synth. */
export interface SynthCommand {
  readonly name: string;
  /** Folder of the charts that it runs. */
  readonly charts: string;
  readonly nodeArguments: readonly string[];
}

/** As `npm run synth` starts it. */
export const transpiled: SynthCommand = {
  name: 'ts-node',
  charts: join(root, 'charts'),
  nodeArguments: ['-r', 'ts-node/register/transpile-only', join(root, 'charts/main.ts')],
};

/** Compiles the charts into the folder, as `npm run build` does. */
export function precompile(workFolder: string): SynthCommand {
  const compiled = join(workFolder, 'lib');
  run([join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', compiled]);
  symlinkSync(join(root, 'node_modules'), join(workFolder, 'node_modules'));
  const charts = join(compiled, 'charts');
  return { name: 'precompiled', charts, nodeArguments: [join(charts, 'main.js')] };
}

/** The whole process, from its start to its end, in milliseconds. Its manifests are in `out` afterwards. */
export function timeSynth(
  command: SynthCommand,
  regionCount: number,
  workFolder: string,
  out: string,
): number {
  const environment = join(workFolder, `${command.name}-${regionCount}.js`);
  writeFileSync(environment, environmentModule(command.charts, regionCount));
  return timed(() => {
    run([...command.nodeArguments, '--environment', environment, '--out', out]);
  });
}

/**
 * `kubectl kustomize` of the same manifests, one process per region as each is a cluster of its own, in milliseconds
 * for all these regions. It reads, merges and prints what someone else has written; it computes none of it.
 *
 * @throws Error where it prints another number of objects than were synthesized.
 */
export function timeKustomize(kubectl: string, regionFolders: readonly string[]): number {
  const resources = regionFolders.map((folder) =>
    readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml'),
  );
  regionFolders.forEach((folder, index) => {
    writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: resources[index] }));
  });
  const printed: string[] = [];
  const spentMs = timed(() => {
    for (const folder of regionFolders) {
      printed.push(execFileSync(kubectl, ['kustomize', folder], { encoding: 'utf8' }));
    }
  });
  printed.forEach((text, index) => {
    const objects = text.match(/^kind: /gm)?.length ?? 0;
    const expected = resources[index]?.length;
    if (objects !== expected)
      throw new Error(`kubectl kustomize printed ${objects} objects, not ${expected}.`);
  });
  return spentMs;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function run(nodeArguments: readonly string[]): void {
  execFileSync(process.execPath, nodeArguments, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Time from an environment to its manifests, beside `kubectl kustomize` of the same manifests. See README.md.
 *
 * Usage: npm run bench:synth -- [--rounds 5]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { which } from './gateway/machine';
import { median } from './median';
import { precompile, timeKustomize, timeSynth, transpiled } from './synth/commands';
import { environmentWith, regionName } from './synth/environment';
import { timeSteps, type Steps } from './synth/in-process';
import { table } from './table';

const regionCounts = [1, 10, 100];

/** Each region is its own `kubectl` process: more of them cost the same again, and tell nothing. */
const mostKustomized = 10;

/** What one round measures for one number of regions; all are times for all its regions. */
interface Round {
  readonly steps: Steps;
  readonly transpiledMs: number;
  readonly precompiledMs: number;
  /** For the regions that were kustomized, scaled to all. */
  readonly kustomizeMs: number | undefined;
}

function main(): void {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
  const roundCount = Number(values.rounds);
  if (!Number.isInteger(roundCount) || roundCount < 1 || roundCount > 100) {
    throw new Error(
      `--rounds is ${values.rounds}; it must be a whole number from 1 to 100. Nothing was measured.`,
    );
  }
  const kubectl = which('kubectl');
  const workFolder = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    const precompiled = precompile(workFolder);
    const measure = (regionCount: number): Round => {
      const out = join(workFolder, 'out');
      const kustomized = Array.from({ length: Math.min(regionCount, mostKustomized) }, (_, index) =>
        join(out, regionName(index)),
      );
      const round = {
        steps: timeSteps(environmentWith(regionCount), workFolder),
        transpiledMs: timeSynth(transpiled, regionCount, workFolder, out),
        precompiledMs: timeSynth(precompiled, regionCount, workFolder, out),
        kustomizeMs:
          kubectl === undefined
            ? undefined
            : (timeKustomize(kubectl, kustomized) * regionCount) / kustomized.length,
      };
      rmSync(out, { recursive: true });
      return round;
    };
    // Until the compiler has seen the hot path, the steps in this process are start-up.
    regionCounts.forEach((regionCount) => timeSteps(environmentWith(regionCount), workFolder));
    const rounds = regionCounts.map((regionCount) => ({
      regionCount,
      measured: Array.from({ length: roundCount }, () => measure(regionCount)),
    }));
    console.log(`Node ${process.version}; medians over ${roundCount} rounds\n`);
    console.log(report(rounds));
    if (kubectl === undefined) console.log('\nkubectl is missing: no ratio to kustomize.');
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

function report(
  rounds: readonly { readonly regionCount: number; readonly measured: readonly Round[] }[],
): string {
  const rows: readonly [string, (round: Round, regionCount: number) => number | undefined][] = [
    ['in process, ms per region: synthesize', ({ steps }, count) => steps.synthesizeMs / count],
    ['in process, ms per region: policy', ({ steps }, count) => steps.policyMs / count],
    ['in process, ms per region: write', ({ steps }, count) => steps.writeMs / count],
    ['whole process, s: ts-node', ({ transpiledMs }) => transpiledMs / 1000],
    ['whole process, s: precompiled', ({ precompiledMs }) => precompiledMs / 1000],
    ['kubectl kustomize, s', ({ kustomizeMs }) => kustomizeMs && kustomizeMs / 1000],
    ['ratio ts-node / kustomize', (round) => round.kustomizeMs && round.transpiledMs / round.kustomizeMs],
    [
      'ratio precompiled / kustomize',
      (round) => round.kustomizeMs && round.precompiledMs / round.kustomizeMs,
    ],
  ];
  return table([
    ['regions', ...rounds.map(({ regionCount }) => String(regionCount))],
    ...rows.map(([title, pick]) => [
      title,
      ...rounds.map(({ regionCount, measured }) => {
        const values = measured
          .map((round) => pick(round, regionCount))
          .filter((value) => value !== undefined);
        return values.length === 0 ? '-' : median(values).toFixed(2);
      }),
    ]),
  ]);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

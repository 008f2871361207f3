import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import type { EnvironmentInput } from '../../charts/config/types';
import { judge } from '../../charts/judge';
import { writeOutput } from '../../charts/output/write';
import { synthesize } from '../../charts/synthesize';

/** What `charts/main.ts` does, step by step. */
export interface Steps {
  readonly synthesizeMs: number;
  readonly policyMs: number;
  readonly writeMs: number;
}

/** @throws SynthError where the policy refuses a manifest: the time of a failure is no result. */
export function timeSteps(environment: EnvironmentInput, workFolder: string): Steps {
  const out = join(workFolder, 'in-process');
  // A folder of the round before would be replaced, and its removal be timed too.
  rmSync(out, { recursive: true, force: true });
  const start = performance.now();
  const { folders, policy } = synthesize(environment);
  const synthesized = performance.now();
  judge(folders, policy);
  const judged = performance.now();
  writeOutput(out, folders);
  const written = performance.now();
  return { synthesizeMs: synthesized - start, policyMs: judged - synthesized, writeMs: written - judged };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { program } from './programs';

export interface PromtoolResult {
  readonly exitCode: number;
  /** Standard output and standard error: promtool spreads its findings over both. */
  readonly output: string;
}

export async function promtool(args: readonly string[], input = ''): Promise<PromtoolResult> {
  const child = spawn(program('promtool'), args, { stdio: 'pipe' });
  child.stdin.end(input);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { exitCode: exitCode ?? -1, output: stdout + stderr };
}

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the repository. */
export function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Run {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });
}

/** `npm run synth`, as a user types it. */
export function npmRunSynth(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  return run('npm', ['run', '--silent', 'synth', '--', ...args], env);
}

/** Every file below a folder with its content, by its path. */
export function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

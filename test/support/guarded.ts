import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface GuardedProgram {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Added to the environment of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes standard output and standard error. */
  readonly logFile: string;
}

export interface GuardOrder {
  /** Removed once the programs have ended. */
  readonly directory: string;
  readonly programs: readonly GuardedProgram[];
}

export interface Guarded {
  /** Process ids, in the order of the programs. */
  readonly pids: readonly number[];
  /** Why a program ended by itself, which ends the others too; undefined while all run. */
  failure(): string | undefined;
  /** Ends all with SIGKILL and removes their folder. */
  stop(): Promise<void>;
}

/**
 * Starts programs that never outlive this process, however it ends: see guard.ts.
 *
 * @throws Error where one of them can't be started.
 */
export async function startGuarded(order: GuardOrder): Promise<Guarded> {
  const guard = spawn(
    process.execPath,
    ['-r', 'ts-node/register/transpile-only', join(__dirname, 'guard.ts'), JSON.stringify(order)],
    // A session of its own: Ctrl-C must reach the tests alone, which then let go of the pipe.
    { stdio: 'pipe', detached: true },
  );
  const exited = once(guard, 'exit');
  let words = '';
  guard.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  // The guard may be gone before the pipe is closed; that is what `failure` is for.
  guard.stdin.on('error', () => undefined);
  const [first] = (await Promise.race([once(guard.stdout, 'data'), exited.then(() => [undefined])])) as [
    Buffer | undefined,
  ];
  if (first === undefined) throw new Error(`The guard did not start: ${words}`);
  return {
    pids: JSON.parse(first.toString()) as number[],
    failure: () => (guard.exitCode === null && words === '' ? undefined : words),
    stop: async () => {
      guard.stdin.end();
      await exited;
    },
  };
}

/**
 * Runs programs for as long as somebody holds the other end of its standard input, then ends them and removes their
 * folder. A test run that is killed runs no clean-up of its own, but its pipe closes: no server is left behind.
 *
 * Started by `startGuarded`; not for import.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, rmSync } from 'node:fs';
import type { GuardedProgram, GuardOrder } from './guarded';

const longestTail = 4_000;

interface Running {
  readonly child: ChildProcess;
  /** Resolves to how the program ended. */
  readonly ended: Promise<string>;
}

function start({ command, environment, logFile }: GuardedProgram): Running {
  const log = openSync(logFile, 'a');
  const [file, ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', log, log], env: { ...process.env, ...environment } });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(`ended with ${signal ?? `code ${code ?? '?'}`}`);
    });
  });
  return {
    child,
    ended: ended.then(
      (how) => `${file} ${how}. Its last words:\n${readFileSync(logFile, 'utf8').slice(-longestTail)}`,
    ),
  };
}

async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2]!) as GuardOrder;
  const running = order.programs.map(start);
  // Whoever held the pipes may be gone: that must not keep the guard from its work.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.stdout.write(`${JSON.stringify(running.map(({ child }) => child.pid ?? 0))}\n`);
  const released = once(process.stdin.resume(), 'end').then(() => undefined);
  const failure = await Promise.race([released, ...running.map(({ ended }) => ended)]);
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  rmSync(order.directory, { recursive: true, force: true });
  if (failure !== undefined) process.stderr.write(failure);
}

void main().then(() => {
  process.stdin.destroy();
});

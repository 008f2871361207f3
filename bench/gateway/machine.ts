import { accessSync, constants, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { delimiter, join } from 'node:path';

/** Path of an optional program, or undefined where the machine lacks it. */
export function which(name: string): string | undefined {
  // Debian keeps servers in a folder that only root's PATH has.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export interface Cores {
  /** For the one process under test. */
  readonly target: number;
  /** For the load and the provider. */
  readonly rest: number;
}

/** Two cores that this process may use, or undefined where it can't pin or has but one. */
export function findCores(): Cores | undefined {
  if (which('taskset') === undefined) return undefined;
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const [target, rest] = list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return target === undefined || rest === undefined ? undefined : { target, rest };
}

/** `command`, bound to one core where pinning is possible. */
export function pinned(
  core: number | undefined,
  command: readonly [string, ...string[]],
): [string, ...string[]] {
  return core === undefined ? [...command] : ['taskset', '--cpu-list', String(core), ...command];
}

/** What the figures were taken on, and whether anything else ran there. */
export function machine(cores: Cores | undefined): string {
  const processors = cpus();
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  const place =
    cores === undefined
      ? 'NOT PINNED (no taskset, or one core): the figures say little.'
      : `The process under test on core ${cores.target}, load and provider on core ${cores.rest}.`;
  return (
    `Node ${process.version}; ${processors.length} x ${processors[0]?.model.trim() ?? 'unknown processor'};` +
    ` load before the run ${load}\n${place}`
  );
}

export interface ProcessUse {
  readonly cpuUs: number;
  readonly residentBytes: number;
}

/** Linux counts a process's CPU time in hundredths of a second, whatever its kernel's own tick is. */
const tickUs = 10_000;

/** What a process has used so far; undefined on a system without /proc. */
export function processUse(pid: number): ProcessUse | undefined {
  try {
    // The second field is the program's name, in brackets, and may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const residentKiB = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return {
      cpuUs: (Number(stat[11]) + Number(stat[12])) * tickUs,
      residentBytes: Number(residentKiB) * 1024,
    };
  } catch {
    return undefined;
  }
}

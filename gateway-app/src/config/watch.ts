import { stat } from 'node:fs/promises';

export interface Watch {
  stop(): void;
}

/**
 * Calls `onChange` after one of the files has changed and has come to rest. What changes after this has resolved is seen.
 *
 * It polls, because no notification covers all three ways in which a file changes: written in place, replaced by a rename,
 * and Kubernetes' swap of the `..data` link two levels above it. `stat` follows links, so it sees each of them.
 *
 * @param paths Asked at each poll, so that the set may change.
 * @param pollMs How soon a change is seen. It then has to rest for a tenth of this, so that no half-written file is read.
 * @param onChange Must not reject.
 */
export async function watchFiles(
  paths: () => readonly string[],
  pollMs: number,
  onChange: () => Promise<void>,
): Promise<Watch> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let reported = await signatures(paths());
  let seen = reported;

  const schedule = (delayMs: number): void => {
    if (stopped) return;
    timer = setTimeout(() => void poll(), delayMs);
    timer.unref();
  };
  const poll = async (): Promise<void> => {
    const current = await signatures(paths());
    const atRest = current === seen;
    seen = current;
    if (atRest && current !== reported) {
      reported = current;
      await onChange();
    }
    schedule(current === reported ? pollMs : pollMs / 10);
  };
  schedule(pollMs);

  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function signatures(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map(signature))).join('\n');
}

async function signature(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [path, dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return `${path} missing`;
  }
}

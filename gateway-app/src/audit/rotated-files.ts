import { access, rename, rm } from 'node:fs/promises';

/** `audit.log.1` is the file before `audit.log`, and so on. */
export function rotatedPath(path: string, age: number): string {
  return `${path}.${age}`;
}

/**
 * Moves `path` out of the way and removes the oldest file where there are too many.
 *
 * May be called again after it failed half way. Only files up to the first free number move up, so a second call moves
 * nothing twice, and loses nothing.
 *
 * @param maxFiles Files to keep, the one that is written included.
 */
export async function rotateFiles(path: string, maxFiles: number): Promise<void> {
  const oldest = maxFiles - 1;
  let free = 1;
  while (free < oldest && (await exists(rotatedPath(path, free)))) free += 1;
  if (free === oldest) await rm(rotatedPath(path, oldest), { force: true });
  for (let age = free; age > 1; age -= 1) await rename(rotatedPath(path, age - 1), rotatedPath(path, age));
  await rename(path, rotatedPath(path, 1));
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { SynthError } from '../kit/synth-error';
import { listFile } from '../policy/manifest-folders';

/** @throws SynthError where `target` is there and holds, or is, anything that no synth has written. */
export function refuseForeign(target: string): void {
  const foreign = foreignIn(target);
  if (foreign === undefined) return;
  throw new SynthError(
    `${target} ${foreign}, which no synth has written.`,
    'Nothing is written: the folder is replaced as a whole, and that would be lost.',
    'choose another folder with --out, or remove it',
  );
}

function foreignIn(target: string): string | undefined {
  if (!existsSync(target)) return undefined;
  if (!statSync(target).isDirectory()) return 'is a file';
  const list = join(target, listFile);
  if (!existsSync(list)) {
    const first = readdirSync(target)[0];
    return first === undefined ? undefined : `holds ${first}`;
  }
  const own = new Set([listFile, ...readFileSync(list, 'utf8').split('\n')]);
  const foreign = readdirSync(target, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(target, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .find((file) => !own.has(file));
  return foreign === undefined ? undefined : `holds ${foreign}`;
}

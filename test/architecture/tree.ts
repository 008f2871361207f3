import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../..');

/** Made by a tool from something else, and not in the repository. */
const generated = new Set(['.git', 'node_modules', 'dist', 'lib', 'coverage']);

/** The paths of all files in a folder of the repository, relative to the root. Git is not needed. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}

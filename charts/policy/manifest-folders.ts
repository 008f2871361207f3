import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The manifest files that one cluster is given. */
export interface ManifestFiles {
  /** The folder, as it was given or below it. */
  readonly folder: string;
  readonly paths: readonly string[];
}

/**
 * Names every file that the synth has written, so that the next one deletes nothing else. A folder with this list holds
 * one folder for each cluster.
 */
export const listFile = '.synthesized-files';

/**
 * The manifests in a folder and below, cluster by cluster.
 *
 * @throws Error where there is no such folder, or no manifest in it: nothing found would read as nothing wrong.
 */
export function manifestFolders(folder: string): readonly ManifestFiles[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(`${folder} is no folder, so the policy judged nothing. Give a folder of manifests.`);
  }
  const folders = existsSync(join(folder, listFile))
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(folder, name))
        .sort()
    : [folder];
  const found = folders
    .map((cluster) => ({ folder: cluster, paths: manifestPaths(cluster) }))
    .filter(({ paths }) => paths.length > 0);
  if (found.length === 0) {
    throw new Error(
      `${folder} holds no .yaml, .yml or .json file, so the policy judged nothing. Give a folder of manifests.`,
    );
  }
  return found;
}

/** What `kubectl apply --recursive` reads, but for what tools keep for themselves. */
function manifestPaths(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|\/)(\.[^./][^/]*|node_modules)\//.test(relative(folder, path)))
    .sort();
}

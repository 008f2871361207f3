import { Yaml } from 'cdk8s';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { PolicySettings } from '../config/schema/policy-settings';
import { listFile } from '../policy/manifest-folders';
import type { Manifest } from '../policy/manifest';
import { settingsFile } from '../policy/settings-file';
import type { ManifestFolder } from '../synthesize';
import { fileNames } from './file-name';
import { refuseForeign } from './ownership';

/**
 * Replaces the output folder by these manifests, one file per object.
 *
 * The policy's settings lie beside the manifests, so that whoever judges the folder later judges it by the same.
 * Documents are for people: they lie beside the clusters' folders and not in them, where kubectl would take JSON for a
 * manifest. All is written beside it first and then renamed: an error leaves the folder as it was.
 *
 * @throws SynthError where the folder holds anything that no synth has written.
 */
export function writeOutput(
  out: string,
  folders: readonly ManifestFolder[],
  policy: PolicySettings = { exceptions: [] },
  documents: Readonly<Record<string, string>> = {},
): void {
  const target = existsSync(out) ? realpathSync(out) : resolve(out);
  refuseForeign(target);
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    const fresh = join(work, 'new');
    writeFolders(fresh, folders, policy, documents);
    replace(target, fresh, join(work, 'old'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writeFolders(
  root: string,
  folders: readonly ManifestFolder[],
  policy: PolicySettings,
  documents: Readonly<Record<string, string>>,
): void {
  const files: string[] = [];
  const yamlOf = yamlWriter();
  mkdirSync(root);
  for (const { name, manifests } of folders) {
    mkdirSync(join(root, name));
    for (const [file, manifest] of fileNames(manifests)) {
      writeFileSync(join(root, name, file), yamlOf(manifest));
      files.push(`${name}/${file}`);
    }
  }
  if (policy.exceptions.length > 0 || policy.imageRegistries !== undefined) {
    writeFileSync(join(root, settingsFile), `${JSON.stringify(policy, undefined, 2)}\n`);
    files.push(settingsFile);
  }
  for (const [name, text] of Object.entries(documents)) {
    writeFileSync(join(root, name), text);
    files.push(name);
  }
  writeFileSync(join(root, listFile), `${files.sort().join('\n')}\n`);
}

/** Most objects of a region are the same in the next, and writing YAML is far slower than writing JSON. */
function yamlWriter(): (manifest: Manifest) => string {
  const written = new Map<string, string>();
  return (manifest) => {
    const key = JSON.stringify(manifest);
    const yaml = written.get(key) ?? Yaml.stringify(manifest);
    written.set(key, yaml);
    return yaml;
  };
}

function replace(target: string, fresh: string, old: string): void {
  if (!existsSync(target)) {
    renameSync(fresh, target);
    return;
  }
  renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
}

import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import production from '../../charts/config/environments/production';
import { synthesize } from '../../charts/synthesize';

/** As much of an object as the tests read. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
  };
  readonly spec?: object;
}

/** One folder of the reference's output: what one cluster gets. */
export interface Folder {
  readonly name: string;
  readonly path: string;
  readonly manifests: readonly Manifest[];
}

export interface Reference {
  readonly folders: readonly Folder[];
  /** Deletes the files; `folders` stays readable. */
  remove(): void;
}

/** The reference deployment, synthesized anew into a temporary folder. */
export function referenceFolders(): Reference {
  const root = mkdtempSync(join(tmpdir(), 'manifests-'));
  const folders = synthesize(production).folders.map(({ name, manifests }): Folder => {
    const path = join(root, name);
    mkdirSync(path);
    manifests.forEach((manifest, index) => {
      writeFileSync(join(path, `${String(index).padStart(4, '0')}.yaml`), stringify(manifest));
    });
    return { name, path, manifests: manifests as unknown as Manifest[] };
  });
  return {
    folders,
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import production from '../../charts/config/environments/production';
import { writeOutput } from '../../charts/output/write';
import { type ManifestFolder, synthesize } from '../../charts/synthesize';

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

/** The objects of one cluster. */
export interface Folder {
  /** The region's name, or `global`. */
  readonly name: string;
  readonly manifests: readonly Manifest[];
}

/** The reference deployment, synthesized anew. */
export function referenceFolders(): Folder[] {
  return synthesize(production).folders as unknown as Folder[];
}

export interface WrittenFolder {
  readonly path: string;
  readonly remove: () => void;
}

/** Writes a folder as `npm run synth` does: the order of its files is a part of what is judged. */
export function writeFolder(folder: Folder): WrittenFolder {
  const root = mkdtempSync(join(tmpdir(), 'manifests-'));
  const out = join(root, 'dist');
  writeOutput(out, [folder as unknown as ManifestFolder]);
  return {
    path: join(out, folder.name),
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

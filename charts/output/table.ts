import { columns } from '../policy/columns';
import type { ManifestFolder } from '../synthesize';

/** What was written where, for a terminal. */
export function table(out: string, folders: readonly ManifestFolder[]): string {
  return columns([
    ['region', 'objects', 'where'],
    ...folders.map(({ name, manifests }) => [name, String(manifests.length), `${out}/${name}`]),
  ]);
}

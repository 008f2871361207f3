import type { Kubectl } from './kubectl';
import type { Folder } from './reference-manifests';

/**
 * Makes the namespaces that others bring: those in which a folder has objects, and which it does not hold itself.
 *
 * @returns What removes them again. One that was there already is left as it was.
 */
export async function addMissingNamespaces(
  kubectl: Kubectl,
  { manifests }: Folder,
): Promise<() => Promise<void>> {
  const own = manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  const foreign = [...new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []))];
  const made: string[] = [];
  for (const name of foreign.filter((namespace) => !own.includes(namespace))) {
    const found = await kubectl.mustRun(['get', 'namespace', name, '--ignore-not-found', '--output=name']);
    if (found !== '') continue;
    await kubectl.mustRun(['create', 'namespace', name]);
    made.push(name);
  }
  return async () => {
    if (made.length > 0)
      await kubectl.mustRun(['delete', 'namespace', ...made, '--ignore-not-found', '--wait=false']);
  };
}

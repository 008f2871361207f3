import type { EnvironmentInput } from '../../charts/config/types';
import { synthesize } from '../../charts/synthesize';
import { type Cluster, openCluster } from './cluster';
import { addMissingNamespaces } from './missing-namespaces';
import type { Folder, Manifest } from './reference-manifests';
import { writeFolder } from './reference-manifests';

/** A cluster, and the folder of one region as it was and as it will be. Nothing is applied yet. */
export interface TwoVersions {
  readonly cluster: Cluster;
  readonly earlier: Folder;
  readonly later: Folder;
  /** Where they are written, as `npm run synth` does. */
  readonly paths: { readonly earlier: string; readonly later: string; readonly both: string };
  readonly release: () => Promise<void>;
}

export async function openForTwoVersions(
  before: EnvironmentInput,
  after: EnvironmentInput,
): Promise<TwoVersions> {
  const earlier = firstRegion(before);
  const later = firstRegion(after);
  const kept = new Set(earlier.manifests.map(identityOf));
  // In a foreign cluster whatever either version made is looked for before, and removed afterwards.
  const both: Folder = {
    name: earlier.name,
    manifests: [
      ...earlier.manifests,
      ...later.manifests.filter((manifest) => !kept.has(identityOf(manifest))),
    ],
  };
  const written = { earlier: writeFolder(earlier), later: writeFolder(later), both: writeFolder(both) };
  const cleanUps: (() => void | Promise<void>)[] = Object.values(written).map(({ remove }) => remove);
  const release = async (): Promise<void> => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  };
  const cluster = await openCluster(written.both.path);
  cleanUps.push(cluster.release, await addMissingNamespaces(cluster.kubectl, both));
  return {
    cluster,
    earlier,
    later,
    paths: { earlier: written.earlier.path, later: written.later.path, both: written.both.path },
    release,
  };
}

export const identityOf = ({ kind, metadata }: Manifest): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

const firstRegion = (environment: EnvironmentInput): Folder =>
  synthesize(environment).folders[0] as unknown as Folder;

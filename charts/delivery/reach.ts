/** What a region's folder touches in its cluster. */
export interface Reach {
  readonly namespaces: readonly string[];
  /** Kinds of its objects that belong to no namespace. */
  readonly clusterKinds: readonly ClusterKind[];
}

export interface ClusterKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
}

interface Touching {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Read from the objects themselves: a list beside them would allow too much, or refuse an object of the next version. */
export function reachOf(manifests: readonly object[]): Reach {
  const objects = manifests as readonly Touching[];
  const namespaces = objects.flatMap(({ kind, metadata: { name, namespace } }) =>
    kind === 'Namespace' ? [name] : (namespace ?? []),
  );
  const clusterKinds = objects
    .filter(({ metadata }) => metadata.namespace === undefined)
    .map(({ apiVersion, kind }) => ({
      group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
      kind,
    }));
  return { namespaces: [...new Set(namespaces)].sort(), clusterKinds: distinct(clusterKinds) };
}

export function distinct(kinds: readonly ClusterKind[]): ClusterKind[] {
  const byName = new Map(kinds.map((kind) => [`${kind.kind}.${kind.group}`, kind]));
  return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}

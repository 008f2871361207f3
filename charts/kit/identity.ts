/** Who a gateway is, on every object that belongs to it. */
export interface Identity {
  readonly name: string;
  readonly namespace: string;
  /** Name of the environment that it belongs to. */
  readonly environment: string;
  /** Of the cluster that it runs in. Absent: there is only one. */
  readonly region?: string | undefined;
  /** On every object. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * What selects its pods. A Deployment's selector is immutable, so nothing that ever changes is in it: no version, and
   * nothing that comes from the place of a construct in its tree.
   */
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface IdentityProps {
  readonly name: string;
  readonly namespace: string;
  readonly region?: string | undefined;
  readonly environment: string;
  readonly owner: string;
  readonly version: string;
  /** Further labels of every object. Absent: none. */
  readonly labels?: Readonly<Record<string, string>>;
}

export function identityOf({
  name,
  namespace,
  region,
  environment,
  owner,
  version,
  labels,
}: IdentityProps): Identity {
  const podLabels = { 'app.kubernetes.io/name': 'ai-gateway', 'app.kubernetes.io/instance': name };
  return {
    name,
    namespace,
    environment,
    region,
    podLabels,
    labels: {
      ...labels,
      ...podLabels,
      'app.kubernetes.io/version': version,
      'app.kubernetes.io/component': 'gateway',
      'app.kubernetes.io/managed-by': 'cdk8s',
      environment,
      owner,
    },
  };
}

/**
 * Metadata of a namespaced object. The name is always given: one that cdk8s makes up holds a hash of the construct's
 * path, and moving the construct would delete and create the object.
 */
export function metadataOf(
  { name, namespace, labels }: Identity,
  suffix?: string,
): { name: string; namespace: string; labels: Record<string, string> } {
  return { name: suffix === undefined ? name : `${name}-${suffix}`, namespace, labels: { ...labels } };
}

/** A mapping as YAML gives it. */
export type Fields = Record<string, unknown>;

/** What a test changes: the field's path, and its new value (undefined takes the field out). */
export type Changes = Readonly<Record<string, unknown>>;

/** A pod spec that keeps the whole policy, with an init container so that both lists are judged. */
export function podSpec(changes: Changes = {}): Fields {
  const container = (name: string): Fields => ({
    name,
    image: 'registry.example/gateway:1.0.0',
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  });
  return withChanges(
    {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_001,
        runAsGroup: 10_001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      initContainers: [container('prepare')],
      containers: [{ ...container('gateway'), ports: [{ name: 'http', containerPort: 8080 }] }],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
    },
    changes,
  );
}

/** A Deployment that keeps the whole policy but for the changes, whose paths start at its pod spec. */
export function deployment(changes: Changes = {}): Fields {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gateway', namespace: 'production' },
    spec: { template: { spec: podSpec(changes) } },
  };
}

/** A Service that keeps the whole policy but for the changes, whose paths start at its spec. */
export function service(changes: Changes = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'gateway', namespace: 'production' },
    spec: withChanges(
      { selector: { 'app.kubernetes.io/name': 'gateway' }, ports: [{ port: 80, targetPort: 8080 }] },
      changes,
    ),
  };
}

/**
 * The object itself, with its fields changed.
 *
 * @throws Error for a path whose parent does not exist: the test would otherwise change nothing, and pass.
 */
export function withChanges(object: Fields, changes: Changes): Fields {
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
    const last = keys.pop();
    const parent = keys.reduce<unknown>((field, key) => (field as Fields | undefined)?.[key], object);
    if (last === undefined || typeof parent !== 'object' || parent === null) {
      throw new Error(`${path} has no parent in the manifest`);
    }
    (parent as Fields)[last] = value;
  }
  return object;
}

import { referenceTo, type Manifest } from '../policy/manifest';

/** `kubectl apply -f FOLDER` goes by file name: what others need comes first, and no pod starts without its policy. */
const ranks: Readonly<Record<string, string>> = {
  Namespace: '00',
  PriorityClass: '10',
  ServiceAccount: '10',
  ConfigMap: '20',
  Secret: '20',
  SecretStore: '20',
  ExternalSecret: '21',
  NetworkPolicy: '30',
  AuthorizationPolicy: '30',
  PeerAuthentication: '30',
  ServiceEntry: '30',
  Sidecar: '30',
  Service: '40',
  Deployment: '50',
};
const rankOfTheRest = '60';

/** File names by manifest, each once. */
export function fileNames(manifests: readonly Manifest[]): Map<string, Manifest> {
  const short = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const { kind, name } = referenceTo(manifest);
    const key = `${ranks[kind] ?? rankOfTheRest}-${kind.toLowerCase()}-${name}`;
    short.set(key, [...(short.get(key) ?? []), manifest]);
  }
  return new Map(
    [...short].flatMap(([key, sharing]) =>
      sharing.map((manifest): [string, Manifest] => [
        `${key}${sharing.length === 1 ? '' : distinction(manifest)}.yaml`,
        manifest,
      ]),
    ),
  );
}

/** Kinds of the same name exist in several groups, and objects of the same name in several namespaces. */
function distinction(manifest: Manifest): string {
  const { apiVersion, namespace } = referenceTo(manifest);
  return `-${[apiVersion.split('/')[0], namespace].filter((part) => part !== '').join('-')}`;
}

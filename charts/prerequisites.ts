import { secretFilesOf } from '../gateway-app/contract/secret-files';
import type { Environment } from './config/schema/environment';
import type { FailoverSettings } from './config/schema/regions';
import { destinationsOf } from './kit/destinations';

/** What the manifests need and do not hold: without it they apply, and then no pod starts or no request arrives. */
export function prerequisitesOf(environment: Environment): string[] {
  return [
    ...secret(environment),
    ...registry(environment),
    ...redis(environment),
    ...podPorts(environment),
    ...dns(environment),
  ];
}

function secret({ config, namespace, secrets }: Environment): string[] {
  if (secrets === undefined) return [];
  const keys = [...new Set(secretFilesOf(config).map(({ name }) => name))];
  const command = [
    `kubectl create secret generic ${secrets.existing} --namespace ${namespace}`,
    ...keys.map((key) => `--from-file=${key}`),
  ].join(' ');
  const what = keys.length === 0 ? 'config names none of its keys' : `its keys: ${keys.join(', ')}`;
  return [
    `secrets.existing: the Secret ${secrets.existing} is mounted but not written here (${what}). No pod starts without it. In each region: ${command}`,
  ];
}

function registry({ image }: Environment): string[] {
  if (image.registry !== undefined) return [];
  return [
    `image.registry is not given: each node pulls ${image.repository}:${image.tag} from its own default registry. Name the registry that holds the image.`,
  ];
}

function redis({ config: { store }, namespace }: Environment): string[] {
  if (store.kind !== 'redis') return [];
  const missing = `config.store: a Redis must answer at ${store.host} port ${store.port} and let namespace ${namespace} in; none is written here. Without it each replica keeps its share of the limits.`;
  if (store.passwordFile === undefined || store.tls) return [missing];
  return [
    missing,
    'config.store.passwordFile is sent without TLS: whoever reads the network between the two reads the password. Set tls: true where Redis has a certificate that the image trusts.',
  ];
}

/** A NetworkPolicy is judged after the Service's translation, and only the Service's port is known here. */
function podPorts({ config: { providers, store }, namespace, network }: Environment): string[] {
  const named = [
    ...providers.map((provider) => ({
      what: `provider ${provider.name}`,
      destinations: destinationsOf({ providers: [provider], store: { kind: 'memory' } }, namespace),
    })),
    { what: 'config.store', destinations: destinationsOf({ providers: [], store }, namespace) },
  ];
  return named.flatMap(({ what, destinations }) =>
    destinations.flatMap((destination) => {
      if (destination.kind !== 'namespace') return [];
      const { namespace: peer, port } = destination;
      if (network.egress.some((egress) => 'namespace' in egress && egress.namespace === peer)) return [];
      return [
        `${what} opens pod port ${port} of namespace ${peer}. If the targetPort of its Service is another one, add network.egress: [{ namespace: '${peer}', port }].`,
      ];
    }),
  );
}

/** Domains that nobody can own, RFC 2606. */
const reservedDomain = /(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$/;

function dns({ failover, regions }: Environment): string[] {
  if (failover?.enabled !== true) return [];
  const records = Object.values(regions).map(({ region }) => `${region}.${failover.host}`);
  return [
    ...placeholders(failover),
    `failover: the records ${records.join(' and ')} are not written here. Each must exist and lead to an entry that routes /health/ready by HTTPS, or its region never counts as healthy.`,
  ];
}

function placeholders({ host, hostedZone }: FailoverSettings): string[] {
  const found = [
    ...(reservedDomain.test(host) ? [`host ${host}`] : []),
    ...(hostedZone.id.endsWith('EXAMPLE') ? [`hosted zone ${hostedZone.id}`] : []),
  ];
  if (found.length === 0) return [];
  return [
    `failover: ${found.join(' and ')} ${found.length === 1 ? 'stands' : 'stand'} for your own. Replace before applying dist/global.`,
  ];
}

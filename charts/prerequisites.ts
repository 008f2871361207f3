import { jwtMethods } from '../gateway-app/contract/runtime-config-access';
import type { Environment } from './config/schema/environment';
import { httpPaths } from '../gateway-app/contract/paths';
import { regionalHost } from './config/regional';
import { regionalEnvironment } from './config/regional-environment';
import type { Route53Settings } from './config/schema/failover';
import { entryPrerequisites } from './entry-prerequisites';
import { reservedDomain } from './config/reserved-domain';
import { copyPrerequisites } from './copy-prerequisites';
import { deliveryPrerequisites } from './delivery-prerequisites';
import { destinationsOf } from './kit/destinations';
import { secretPrerequisites } from './secret-prerequisites';

/** What the manifests need and do not hold: without it they apply, and then no pod starts or no request arrives. */
export function prerequisitesOf(environment: Environment): string[] {
  return [
    ...secretPrerequisites(environment),
    ...alertingSecrets(environment),
    ...registry(environment),
    ...keda(environment),
    ...inEachRegion(environment, redis),
    ...inEachRegion(environment, podPorts),
    ...entryPrerequisites(environment),
    ...dns(environment),
    ...copyPrerequisites(environment),
    ...deliveryPrerequisites(environment),
  ];
}

/** What several regions need alike is told once. */
export function inEachRegion(environment: Environment, tell: (regional: Environment) => string[]): string[] {
  const told = Object.values(environment.regions).flatMap((region) =>
    tell(regionalEnvironment(environment, region)),
  );
  return [...new Set(told)];
}

/** Without them the operator leaves the whole object out, and nobody is paged. */
function alertingSecrets({ namespace, monitoring: { alerting } }: Environment): string[] {
  if (alerting === undefined) return [];
  const { page, ticket, watchdog } = alerting;
  const references = [...page, ...ticket, ...(watchdog === undefined ? [] : [watchdog])].map((receiver) =>
    receiver.kind === 'pager-duty' ? receiver.routingKey : receiver.urlSecret,
  );
  return [...new Set(references.map(({ secret }) => secret))].map((name) => {
    const keys = [...new Set(references.filter(({ secret }) => secret === name).map(({ key }) => key))];
    return `monitoring.alerting: the Secret ${name} is named but not written here (its keys: ${keys.join(', ')}). Nobody is paged without it. In each region: kubectl create secret generic ${name} --namespace ${namespace} ${keys.map((key) => `--from-file=${key}`).join(' ')}`;
  });
}

function registry({ image }: Environment): string[] {
  if (image.registry !== undefined) return [];
  return [
    `image.registry is not given: each node pulls ${image.repository}:${image.tag} from its own default registry. Name the registry that holds the image.`,
  ];
}

function keda({ autoscaling: { inFlight } }: Environment): string[] {
  if (inFlight === undefined) return [];
  return [
    `autoscaling.inFlight: KEDA 2.17 or newer must run in each cluster, and its operator reach ${inFlight.prometheus}. Without it no pod is added.`,
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
function podPorts({ config: { access, providers, store }, namespace, network }: Environment): string[] {
  const named = [
    ...providers.map((provider) => ({
      what: `provider ${provider.name}`,
      destinations: destinationsOf({ providers: [provider], store: { kind: 'memory' } }, namespace),
    })),
    ...jwtMethods(access).map(({ method }) => ({
      what: `issuer ${method.issuer}`,
      destinations: destinationsOf({ access: [method], providers: [], store: { kind: 'memory' } }, namespace),
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

/** What must be true of the world for the records to lead anywhere. */
function dns(environment: Environment): string[] {
  const { failover, regions, host } = environment;
  if (failover?.enabled !== true || failover.by === undefined || host === undefined) return [];
  const hosts = Object.values(regions).map((region) => regionalHost(host, region) ?? '');
  const { by } = failover;
  switch (by.kind) {
    case 'route53':
      return [
        ...placeholders(host, by),
        `failover: the records ${listed(hosts)} are not written here. Each must exist and lead to an entry that routes ${httpPaths.ready} by HTTPS, or its region never counts as healthy.`,
      ];
    case 'k8gb':
      return [
        `failover: k8gb must run in each region's cluster, with the region's name as clusterGeoTag, reconcileRequeueSeconds: ${failover.healthCheckInterval.toSeconds()} and a zone that holds ${host}; and namespace ${environment.namespace} must hold the ${by.route.kind} ${by.route.name}.`,
      ];
    case 'none':
      return [
        `failover: nothing is written that moves clients of ${host}. What moves them must ask ${httpPaths.ready} of ${listed(hosts)}.`,
      ];
  }
}

function placeholders(host: string, { hostedZone }: Route53Settings): string[] {
  const found = [
    ...(reservedDomain.test(host) ? [`host ${host}`] : []),
    ...(hostedZone.id.endsWith('EXAMPLE') ? [`hosted zone ${hostedZone.id}`] : []),
  ];
  if (found.length === 0) return [];
  return [
    `failover: ${found.join(' and ')} ${found.length === 1 ? 'stands' : 'stand'} for your own. Replace before applying dist/global.`,
  ];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

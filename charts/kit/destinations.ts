import { isIPv4, isIPv6 } from 'node:net';
import type { ProviderConfig, RuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { jwtMethods } from '../../gateway-app/contract/runtime-config-access';
import { portOf } from '../../gateway-app/contract/url-port';

/** Where a host lives, as far as a NetworkPolicy can tell, and the port that is dialled there. */
export type Destination =
  | { readonly kind: 'namespace'; readonly namespace: string; readonly port: number }
  | { readonly kind: 'block'; readonly cidr: string; readonly port: number }
  | { readonly kind: 'outside'; readonly port: number };

/** A host that the gateway dials. */
export interface Endpoint {
  /** In lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** What is spoken, for whoever has to tell one connection from another on the way. */
  readonly protocol: 'http' | 'tls' | 'tcp';
}

/** What names them in the configuration. */
interface Named {
  /** Absent: no issuer of tokens is asked for its keys. */
  readonly access?: RuntimeConfig['access'];
  readonly providers: readonly ProviderConfig[];
  readonly store:
    | { readonly kind: 'memory' | 'in-cluster' }
    | { readonly kind: 'redis'; readonly host: string; readonly port: number; readonly tls: boolean };
  readonly tracing?: { readonly otlpUrl: string } | undefined;
}

/** `service.namespace.svc`, with or without the cluster's domain; a pod's own name may stand before it. */
const serviceHost = /([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.(.+?))?\.?$/;
const usualClusterDomain = 'cluster.local';

/** Whom the gateway must reach, by its configuration. */
export function endpointsOf({ access = 'keys', providers, store, tracing }: Named): Endpoint[] {
  return [
    ...providers.flatMap((provider) => providerEndpoint(provider) ?? []),
    ...(store.kind === 'redis'
      ? [{ host: store.host, port: store.port, protocol: store.tls ? ('tls' as const) : ('tcp' as const) }]
      : []),
    ...jwtMethods(access).map(({ method }) => urlEndpoint(method.jwks.url)),
    ...(tracing === undefined ? [] : [urlEndpoint(tracing.otlpUrl)]),
  ].map((endpoint) => ({ ...endpoint, host: endpoint.host.toLowerCase() }));
}

/**
 * The same as a NetworkPolicy tells them apart.
 *
 * @param ownNamespace Where a host of one word is looked up.
 */
export function destinationsOf(named: Named, ownNamespace: string): Destination[] {
  return endpointsOf(named).map((endpoint) => destinationOf(endpoint, ownNamespace));
}

export function destinationOf({ host, port }: Endpoint, ownNamespace: string): Destination {
  if (isIPv4(host)) return { kind: 'block', cidr: `${host}/32`, port };
  if (isIPv6(host)) return { kind: 'block', cidr: `${host}/128`, port };
  const service = serviceOf(host, ownNamespace);
  return service === undefined
    ? { kind: 'outside', port }
    : { kind: 'namespace', namespace: service.namespace, port };
}

/** The Service that a host leads to, by its full name; undefined for a host outside the cluster. */
export function serviceOf(
  host: string,
  ownNamespace: string,
): { readonly namespace: string; readonly host: string } | undefined {
  if (isIPv6(host)) return undefined;
  const [, name, namespace, domain = usualClusterDomain] = host.includes('.')
    ? (serviceHost.exec(host) ?? [])
    : [host, host, ownNamespace];
  if (name === undefined || namespace === undefined) return undefined;
  return { namespace, host: `${name}.${namespace}.svc.${domain}` };
}

/** Where an address leads that is no part of the configuration. */
export function destinationOfUrl(url: string, ownNamespace: string): Destination {
  return destinationOf(urlEndpoint(url), ownNamespace);
}

/** None for the built-in echo. */
function providerEndpoint(provider: ProviderConfig): Endpoint | undefined {
  return 'baseUrl' in provider ? urlEndpoint(provider.baseUrl) : undefined;
}

function urlEndpoint(text: string): Endpoint {
  const url = new URL(text);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: portOf(url),
    protocol: url.protocol === 'https:' ? 'tls' : 'http',
  };
}

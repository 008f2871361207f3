import { isIPv4, isIPv6 } from 'node:net';
import type { ProviderConfig } from '../../gateway-app/contract/runtime-config';

/** Where a provider or the store lives, as far as a NetworkPolicy can tell. */
export type Destination =
  | { readonly kind: 'namespace'; readonly namespace: string; readonly port: number }
  | { readonly kind: 'block'; readonly cidr: string; readonly port: number }
  | { readonly kind: 'outside'; readonly port: number };

/** What names them in the configuration. */
interface Named {
  readonly providers: readonly ProviderConfig[];
  readonly store:
    { readonly kind: 'memory' } | { readonly kind: 'redis'; readonly host: string; readonly port: number };
}

/** `service.namespace.svc`, with or without the cluster's domain. */
const serviceHost = /\.([a-z0-9-]+)\.svc(\.|$)/;

/**
 * Whom the gateway must reach, by its configuration.
 *
 * @param ownNamespace Where a host of one word is looked up.
 */
export function destinationsOf({ providers, store }: Named, ownNamespace: string): Destination[] {
  return [
    ...providers.flatMap((provider) => providerAddress(provider) ?? []),
    ...(store.kind === 'redis' ? [store] : []),
  ].map(({ host, port }) => destinationOf(host.toLowerCase(), port, ownNamespace));
}

/** None for the built-in echo. */
function providerAddress(provider: ProviderConfig): { host: string; port: number } | undefined {
  if (!('baseUrl' in provider)) return undefined;
  const url = new URL(provider.baseUrl);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function destinationOf(host: string, port: number, ownNamespace: string): Destination {
  if (isIPv4(host)) return { kind: 'block', cidr: `${host}/32`, port };
  if (isIPv6(host)) return { kind: 'block', cidr: `${host}/128`, port };
  if (!host.includes('.')) return { kind: 'namespace', namespace: ownNamespace, port };
  const namespace = serviceHost.exec(host)?.[1];
  return namespace === undefined ? { kind: 'outside', port } : { kind: 'namespace', namespace, port };
}

import { isIPv4, isIPv6 } from 'node:net';
import type { ProviderConfig } from '../../gateway-app/contract/runtime-config';

/** Where a provider lives, as far as a NetworkPolicy can tell. */
export type Destination =
  | { readonly kind: 'namespace'; readonly namespace: string; readonly port: number }
  | { readonly kind: 'block'; readonly cidr: string; readonly port: number }
  | { readonly kind: 'outside'; readonly port: number };

/** `service.namespace.svc`, with or without the cluster's domain. */
const serviceHost = /\.([a-z0-9-]+)\.svc(\.|$)/;

/**
 * The destination that a provider's base URL names; none for the built-in echo.
 *
 * @param ownNamespace Where a host of one word is looked up.
 */
export function destinationOf(provider: ProviderConfig, ownNamespace: string): Destination | undefined {
  if (!('baseUrl' in provider)) return undefined;
  const url = new URL(provider.baseUrl);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIPv4(host)) return { kind: 'block', cidr: `${host}/32`, port };
  if (isIPv6(host)) return { kind: 'block', cidr: `${host}/128`, port };
  if (!host.includes('.')) return { kind: 'namespace', namespace: ownNamespace, port };
  const namespace = serviceHost.exec(host)?.[1];
  return namespace === undefined ? { kind: 'outside', port } : { kind: 'namespace', namespace, port };
}

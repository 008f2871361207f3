import type { z } from 'zod';
import type { ProviderConfig } from '../../../gateway-app/contract/runtime-config';
import { report } from '../../../gateway-app/contract/validate';

interface Named {
  readonly providers: readonly ProviderConfig[];
  readonly store:
    | { readonly kind: 'memory' | 'in-cluster' }
    | { readonly kind: 'redis'; readonly host: string; readonly tls: boolean };
}

/** Two words that are no address: 127.1 and the like are written out by the URL parser before. */
const twoLabels = /^[a-z0-9-]+\.[a-z0-9-]*[a-z][a-z0-9-]*$/i;

/**
 * Refuses `service.namespace` where it is spoken to in clear. It resolves in a cluster, yet reads like `example.com`, so
 * the network would be opened to public addresses and stay closed to the service. Who means a public host of two words
 * uses TLS: no key or password goes to the Internet in clear. So without TLS it can only be a service.
 */
export function serviceHosts({ providers, store }: Named, ctx: z.core.$RefinementCtx): void {
  providers.forEach((provider, index) => {
    if (!('baseUrl' in provider) || !URL.canParse(provider.baseUrl)) return;
    const { protocol, hostname } = new URL(provider.baseUrl);
    if (protocol === 'http:') refuse(hostname, ['providers', index, 'baseUrl'], 'https', ctx);
  });
  if (store.kind === 'redis' && !store.tls) refuse(store.host, ['store', 'host'], 'tls: true', ctx);
}

function refuse(host: string, path: (string | number)[], tls: string, ctx: z.core.$RefinementCtx): void {
  if (!twoLabels.test(host)) return;
  report(ctx, {
    path,
    rule: 'must not have a host of two words without TLS: a service would stay closed, since its namespace is told by .svc only',
    fix: `write ${host}.svc for a service of the cluster, or ${tls} for a public host`,
  });
}

import type { z } from 'zod';
import { accessMethods } from './runtime-config-access';
import { report } from './validate';

/** What the rules read; the schema has checked the shapes before. */
export interface CheckedTrust {
  readonly access: Parameters<typeof accessMethods>[0];
  readonly providers: readonly { readonly baseUrl?: string; readonly caFile?: string | undefined }[];
  readonly store: { readonly tls?: boolean; readonly caFile?: string | undefined };
}

/** An authority beside a connection in clear would look like a check, and nothing would be checked. */
export function trustRules({ access, providers, store }: CheckedTrust, ctx: z.core.$RefinementCtx): void {
  const needsTls = (path: (string | number)[], tls: string): void => {
    report(ctx, {
      path,
      rule: 'needs TLS beside it: over a connection in clear no certificate is shown, and nothing is checked',
      fix: `write ${tls}, or remove it`,
    });
  };
  const isPlain = (url: string): boolean => url.toLowerCase().startsWith('http:');
  providers.forEach(({ baseUrl = '', caFile }, index) => {
    if (caFile !== undefined && isPlain(baseUrl))
      needsTls(['providers', index, 'caFile'], 'https in baseUrl');
  });
  accessMethods(access).forEach((method, index) => {
    if (method.kind !== 'jwt' || method.jwks.caFile === undefined || !isPlain(method.jwks.url)) return;
    needsTls(['access', index, 'jwks', 'caFile'], 'https in url');
  });
  if (store.caFile !== undefined && store.tls !== true) needsTls(['store', 'caFile'], 'tls: true');
}

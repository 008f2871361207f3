import type { z } from 'zod';
import { accessMethods } from './runtime-config-access';
import { report } from './validate';

/** What development mode allows and production mode refuses. For `superRefine` on the configuration. */
export function productionRules(
  {
    access,
    providers,
  }: {
    readonly access: Parameters<typeof accessMethods>[0];
    readonly providers: readonly { readonly kind: string }[];
  },
  ctx: z.core.$RefinementCtx,
): void {
  if (access === 'anonymous') {
    report(ctx, {
      path: ['access'],
      rule: 'must be "keys" or a list of methods in production mode: else anybody could spend the budget',
      fix: 'write "keys" and add tenants; only development mode takes anonymous access',
    });
  }
  accessMethods(access).forEach((method, index) => {
    if (method.kind !== 'jwt' || method.jwks.url.toLowerCase().startsWith('https:')) return;
    report(ctx, {
      path: ['access', index, 'jwks', 'url'],
      rule: 'must be https in production mode: whoever stands in between could send keys of his own, and sign any token',
      fix: 'write https, with a caFile where no public authority has signed the certificate',
    });
  });
  providers.forEach(({ kind }, index) => {
    if (kind !== 'echo') return;
    report(ctx, {
      path: ['providers', index, 'kind'],
      rule: 'must not be "echo" in production mode: it answers without asking any model',
      fix: 'name a real provider; only development mode takes the built-in one',
    });
  });
}

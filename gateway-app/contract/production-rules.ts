import type { z } from 'zod';
import { report } from './validate';

/** What development mode allows and production mode refuses. For `superRefine` on the configuration. */
export function productionRules(
  {
    access,
    providers,
  }: { readonly access: string; readonly providers: readonly { readonly kind: string }[] },
  ctx: z.core.$RefinementCtx,
): void {
  if (access === 'anonymous') {
    report(ctx, {
      path: ['access'],
      rule: 'must be "keys" in production mode: without keys anybody could spend the budget',
      fix: 'write "keys" and add tenants; only development mode takes anonymous access',
    });
  }
  providers.forEach(({ kind }, index) => {
    if (kind !== 'echo') return;
    report(ctx, {
      path: ['providers', index, 'kind'],
      rule: 'must not be "echo" in production mode: it answers without asking any model',
      fix: 'name a real provider; only development mode takes the built-in one',
    });
  });
}

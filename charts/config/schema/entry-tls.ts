import type { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { rightFields } from './right-fields';

interface Checked {
  readonly entry: { readonly kind: 'istio' | 'gateway-api' | 'none' };
  readonly config: { readonly tls?: object | undefined };
}

/** Both entries speak plain HTTP to the gateway's port, the mesh within its own TLS: a listener that speaks TLS hangs up. */
export function entryTlsRules({ entry, config }: Checked, ctx: z.core.$RefinementCtx): void {
  const { shaped, right } = rightFields(ctx);
  if (!right('entry') || !shaped('config') || !right('config.tls')) return;
  if (entry.kind === 'none' || config.tls === undefined) return;
  report(ctx, {
    path: ['config', 'tls'],
    rule: `must not be given beside an entry of kind "${entry.kind}", which speaks plain HTTP to the gateway: no request would arrive`,
    fix: 'remove it, or choose Entry.none() and bring an entry that speaks TLS to the gateway',
  });
}

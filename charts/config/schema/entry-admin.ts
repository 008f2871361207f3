import { z } from 'zod';
import { blockHolds, blocksApart } from '../../../gateway-app/contract/blocks-apart';
import type { RuntimeConfig } from '../../../gateway-app/contract/runtime-config';
import { addressBlock } from '../../../gateway-app/contract/runtime-config-admin';
import { report } from '../../../gateway-app/contract/validate';
import { rightFields } from './right-fields';

/** As much of an entry as these rules read. */
type CheckedEntry =
  | {
      readonly kind: 'istio';
      readonly admin: { readonly kind: 'port-forward' } | z.output<typeof adminViaIngress>;
    }
  | { readonly kind: 'gateway-api' | 'none' };

type AdminConfig = NonNullable<RuntimeConfig['admin']>;

export const adminViaIngress = z.strictObject({
  kind: z.literal('via-ingress'),
  cidrs: z.array(addressBlock).min(1).max(256).superRefine(blocksApart).readonly().optional(),
});

/** Whom the ingress gateway lets through to `/admin`. */
export function ingressCidrs(
  { cidrs }: z.output<typeof adminViaIngress>,
  { allowlist }: AdminConfig,
): readonly string[] {
  return cidrs ?? allowlist.filter((block) => !loopback.some((local) => blockHolds(local, block)));
}

const loopback = ['127.0.0.0/8', '::1/128'];

/** Istio's proxy hands every request that it lets through to the program from this address. */
const proxyAddress = '127.0.0.6/32';

/** For a refinement of what holds an entry and the configuration, also where some of it is wrong. */
export function adminRules(
  { entry, config }: { readonly entry: CheckedEntry; readonly config: Pick<RuntimeConfig, 'admin'> },
  ctx: z.core.$RefinementCtx,
): void {
  const { right } = rightFields(ctx);
  if (!right('entry') || !right('config.admin') || entry.kind !== 'istio') return;
  const { admin: settings } = config;
  if (settings?.trustedProxyHops === 0) withoutProxyAddress(settings, ctx);
  if (entry.admin.kind === 'via-ingress') viaIngress(entry.admin, settings, ctx);
}

function withoutProxyAddress({ allowlist }: AdminConfig, ctx: z.core.$RefinementCtx): void {
  allowlist.forEach((block, index) => {
    if (!blockHolds(block, proxyAddress)) return;
    report(ctx, {
      path: ['config', 'admin', 'allowlist', index],
      rule: "must not hold 127.0.0.6 under Istio, from where the pod's proxy hands over every request: all whom the mesh lets through would count as allowed",
      fix: 'write 127.0.0.1/32, from where kubectl port-forward comes',
    });
  });
}

function viaIngress(
  admin: z.output<typeof adminViaIngress>,
  settings: AdminConfig | undefined,
  ctx: z.core.$RefinementCtx,
): void {
  if (settings === undefined) {
    report(ctx, {
      path: ['entry', 'admin'],
      rule: 'must not be Admin.viaIngress without config.admin: the way would lead to a 404',
      fix: 'add config.admin, or choose Admin.portForward()',
    });
    return;
  }
  if (settings.trustedProxyHops === 0) {
    report(ctx, {
      path: ['config', 'admin', 'trustedProxyHops'],
      rule: "must be 1 or more with Admin.viaIngress: the peer of the connection is the pod's own proxy, and the client's address is what the ingress gateway appended to X-Forwarded-For",
      fix: 'write 1, and one more for each proxy before the ingress gateway that appends to the header',
    });
  }
  if (ingressCidrs(admin, settings).length === 0) {
    report(ctx, {
      path: ['entry', 'admin'],
      rule: 'must let somebody in: config.admin.allowlist holds loopback only, and no client of an entry comes from there',
      fix: "add the operators' block to config.admin.allowlist, or choose Admin.portForward()",
    });
  }
  (admin.cidrs ?? []).forEach((block, index) => {
    if (settings.allowlist.some((allowed) => blockHolds(allowed, block))) return;
    report(ctx, {
      path: ['entry', 'admin', 'cidrs', index],
      rule: 'must lie within a block of config.admin.allowlist: the gateway would refuse whom the entry lets in',
      fix: 'add it there, or remove it here',
    });
  });
}

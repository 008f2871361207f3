import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import type { Region } from './regions';
import type { RightFields } from './right-fields';
import { dnsLabel, pattern } from './scalars';

const argoCd = z.strictObject({
  kind: z.literal('argo-cd'),
  repository: pattern(
    /^(https:\/\/[A-Za-z0-9.-]+(:\d+)?\/|ssh:\/\/[a-z][a-z0-9-]*@[A-Za-z0-9.-]+(:\d+)?\/|[a-z][a-z0-9-]*@[A-Za-z0-9.-]+:)[\w./~-]+$/,
    'must be the address of one Git repository by HTTPS or SSH, without credentials or wildcards',
    'write it like https://git.example.com/team/manifests.git, and give Argo CD its credentials in a Secret of its own',
  ),
  revision: pattern(
    /^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/,
    'must be a branch, a tag or a commit',
    'write it like main',
  ).default(defaults.deliveryRevision),
  path: pattern(
    /^(?!(.*\/)?\.\.?(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
    'must be a folder within the repository, without a slash at either end',
    'write it like clusters/gateway',
  ).default(defaults.deliveryPath),
  clusters: z.record(
    z.string(),
    pattern(
      /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,252}$/,
      'must be the name of one cluster, without wildcards: the project would allow every cluster that matches',
      'copy it from argocd cluster list',
    ),
  ),
  namespace: dnsLabel().default(defaults.argoCdNamespace),
  name: dnsLabel().optional(),
});

export const delivery = z.discriminatedUnion('kind', [argoCd, z.strictObject({ kind: z.literal('none') })], {
  error: 'must be made by Delivery: Delivery.argoCd(...) or Delivery.none()',
});

export type DeliverySettings = z.output<typeof delivery>;
export type ArgoCdSettings = z.output<typeof argoCd>;

interface Checked {
  readonly regions: Readonly<Record<string, Region>>;
  readonly delivery: DeliverySettings;
}

/** Each region has one cluster, and each cluster one region. */
export function deliveryRules(
  { regions, delivery }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!right('delivery') || delivery.kind !== 'argo-cd' || !shaped('regions')) return;
  const path = ['delivery', 'clusters'];
  const known = Object.keys(regions);
  const first = new Map<string, string>();
  for (const [key, cluster] of Object.entries(delivery.clusters)) {
    const earlier = first.get(cluster);
    first.set(cluster, earlier ?? key);
    if (!known.includes(key)) {
      report(ctx, {
        path: [...path, key],
        rule: `must be a region of the environment (${known.join(', ')}): nothing would be delivered to this cluster`,
        fix: 'correct the key, or remove it',
      });
    } else if (earlier !== undefined) {
      report(ctx, {
        path: [...path, key],
        rule: `is that of ${earlier} too: each region's objects would overwrite the other's, again and again`,
        fix: 'give each region its own cluster',
      });
    }
  }
  for (const key of known) {
    if (Object.hasOwn(delivery.clusters, key)) continue;
    report(ctx, {
      path: [...path, key],
      rule: 'must be given: this region would be delivered nowhere',
      fix: 'add the name of its cluster from argocd cluster list',
    });
  }
}

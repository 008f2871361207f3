import { z } from 'zod';
import { report, rule } from '../../../gateway-app/contract/validate';
import { clusterStore } from './store';
import { labels } from './labels';
import { egress, replicas, zones } from './parts';
import { whenever } from './right-fields';
import { dnsLabel, hostName } from './scalars';

const region = z.strictObject({
  region: dnsLabel().refine(
    (name) => name !== 'global',
    rule('must not be global: that folder holds what belongs to no region', 'use the name of the region'),
  ),
  replicas,
  priority: z.int().min(0).max(1_000_000),
  maxReplicas: replicas.optional(),
  zones,
  host: hostName.optional(),
  labels: labels.default({}),
  egress: z.array(egress).readonly().default([]),
  config: z
    .strictObject({
      // Without the default: absent means that of the environment.
      store: clusterStore.unwrap().optional(),
      providers: z.record(z.string(), z.strictObject({ baseUrl: z.string() })).default({}),
    })
    .prefault({}),
});

export const regions = z.record(z.string(), region).superRefine((entries, ctx) => {
  if (!isObject(entries)) return;
  if (Object.keys(entries).length === 0) {
    report(ctx, { path: [], rule: 'must hold at least one region', fix: 'add one' });
  }
  distinct(entries, ctx, 'region', 'one would overwrite the manifests of the other');
  distinct(entries, ctx, 'priority', 'which of the two serves would be left to chance');
}, whenever);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Runs whenever, so the entries may be anything yet. */
function distinct(
  entries: Readonly<Record<string, unknown>>,
  ctx: z.core.$RefinementCtx,
  field: 'region' | 'priority',
  consequence: string,
): void {
  const first = new Map<unknown, string>();
  for (const [key, entry] of Object.entries(entries)) {
    const value = isObject(entry) ? entry[field] : undefined;
    if (value === undefined) continue;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, key);
    else {
      report(ctx, {
        path: [key, field],
        rule: `is that of regions.${earlier} too: ${consequence}`,
        fix: 'give each its own',
      });
    }
  }
}

/** Where the objects live that belong to no region. */
export function globalNamespace(namespace: string): string {
  return `${namespace}-global`;
}

export type Region = z.output<typeof region>;

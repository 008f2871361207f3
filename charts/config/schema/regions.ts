import { z } from 'zod';
import { report, rule } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { replicas } from './parts';
import { whenever } from './right-fields';
import { dnsLabel, hostName, pattern } from './scalars';
import { wholeSeconds } from './unit-types';

const region = z.strictObject({
  region: dnsLabel().refine(
    (name) => name !== 'global',
    rule('must not be global: that folder holds what belongs to no region', 'use the name of the region'),
  ),
  replicas,
  priority: z.int().min(0).max(1_000_000),
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

/** Route 53 checks every 10 or every 30 seconds. */
const checkIntervalsMs = [10_000, 30_000];

export const failover = z
  .strictObject({
    enabled: z.boolean(),
    healthCheckInterval: wholeSeconds({
      holds: (interval) => checkIntervalsMs.includes(interval.toMilliseconds()),
      rule: 'must be 10 or 30 seconds: Route 53 knows no other interval',
      fix: 'choose one of the two',
    }).default(defaults.healthCheckInterval),
    autoFailover: z.boolean(),
    manualApproval: z.boolean(),
    host: hostName,
    hostedZone: z.strictObject({
      domain: hostName,
      id: pattern(/^Z[A-Z0-9]{1,31}$/, 'must be Z and capital letters or digits', 'copy it from Route 53'),
    }),
    failureThreshold: z.int().min(1).max(10).default(defaults.failureThreshold),
    recordTtl: wholeSeconds().default(defaults.recordTtl),
  })
  .superRefine(({ enabled, autoFailover, manualApproval, host, hostedZone }, ctx) => {
    if (!host.endsWith(`.${hostedZone.domain}`)) {
      report(ctx, {
        path: ['host'],
        rule: `must lie below the zone's domain (.${hostedZone.domain}), since the record is a CNAME in that zone`,
        fix: 'correct the host or the zone',
      });
    }
    if (!enabled) return;
    if (manualApproval) {
      report(ctx, {
        path: ['manualApproval'],
        rule: 'must be false: an approval needs a routing control, which is not supported yet, and a check without one would move traffic unasked',
        fix: 'set it to false, or disable failover and move the record by hand',
      });
    }
    if (!autoFailover) {
      report(ctx, {
        path: ['autoFailover'],
        rule: 'must be true where failover is enabled: the records that it writes move by themselves',
        fix: 'set it to true, or set enabled: false',
      });
    }
  });

/** Where the objects live that belong to no region. */
export function globalNamespace(namespace: string): string {
  return `${namespace}-global`;
}

export type Region = z.output<typeof region>;
export type FailoverSettings = z.output<typeof failover>;

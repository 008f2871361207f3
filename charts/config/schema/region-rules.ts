import type { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { regionalConfig, regionalHost } from '../regional';
import { clusterConfigSchema, sharedLimits, type ClusterConfig } from './cluster-config';
import type { CpuAutoscaling } from './parts';
import type { Region } from './regions';
import type { RightFields } from './right-fields';

interface Checked {
  readonly host?: string | undefined;
  readonly autoscaling: Omit<CpuAutoscaling, 'minReplicas'>;
  readonly regions: Readonly<Record<string, Region>>;
  readonly config: ClusterConfig;
}

/** What a region lays over the environment must fit what it is laid over. */
export function regionRules(environment: Checked, fields: RightFields, ctx: z.core.$RefinementCtx): void {
  if (!fields.shaped('regions')) return;
  const known = new Map<string, string>();
  for (const [key, region] of Object.entries(environment.regions)) {
    const path = `regions.${key}`;
    if (!fields.shaped(path)) continue;
    replicas(environment, key, region, fields, ctx);
    if (fields.right(`${path}.region`) && fields.right(`${path}.host`) && fields.right('host')) {
      ownHost(environment, key, region, known, ctx);
    }
    if (fields.right('config') && fields.right(path)) overlay(environment, key, region, ctx);
  }
}

function replicas(
  { autoscaling }: Checked,
  key: string,
  { replicas, maxReplicas }: Region,
  { right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  const own = `regions.${key}.maxReplicas`;
  const place = maxReplicas === undefined ? 'autoscaling.maxReplicas' : own;
  if (!right(`regions.${key}.replicas`) || !right(own) || !right(place)) return;
  const most = maxReplicas ?? autoscaling.maxReplicas;
  if (replicas <= most) return;
  report(ctx, {
    path: ['regions', key, 'replicas'],
    rule: `must not be above ${place} (${most})`,
    fix: `lower it, or raise ${place}`,
  });
}

function ownHost(
  { host }: Checked,
  key: string,
  region: Region,
  known: Map<string, string>,
  ctx: z.core.$RefinementCtx,
): void {
  const own = regionalHost(host, region);
  if (own === undefined) return;
  const path = ['regions', key, 'host'];
  if (own === host) {
    report(ctx, {
      path,
      rule: 'must not be the host that fails over: its check would follow the record that it decides, and find a healthy region for ever',
      fix: `remove it, which means ${region.region}.${host}, or give the region a name of its own`,
    });
  }
  const earlier = known.get(own);
  if (earlier === undefined) known.set(own, key);
  else {
    report(ctx, {
      path,
      rule: `is that of regions.${earlier} too (${own}): a check of one would be answered by the other`,
      fix: 'give each its own',
    });
  }
}

function overlay(environment: Checked, key: string, region: Region, ctx: z.core.$RefinementCtx): void {
  const { config, autoscaling } = environment;
  const names = config.providers.map(({ name }) => name);
  for (const name of Object.keys(region.config.providers)) {
    if (names.includes(name)) continue;
    report(ctx, {
      path: ['regions', key, 'config', 'providers', name],
      rule: `must be a provider of config.providers (${names.join(', ')}): this address would be used by none`,
      fix: 'correct the name, or remove it',
    });
  }
  const changed = region.config.store !== undefined || Object.keys(region.config.providers).length > 0;
  if (!changed && region.maxReplicas === undefined) return;
  const merged = clusterConfigSchema
    .superRefine((merged, inner) => {
      sharedLimits(merged, region.maxReplicas ?? autoscaling.maxReplicas, inner, []);
    })
    .safeParse(regionalConfig(config, region));
  for (const { path, message, ...issue } of merged.error?.issues ?? []) {
    const { fix } = (issue as { params?: { fix?: string } }).params ?? {};
    report(ctx, {
      path: ['regions', key, ...placeOf(path, names, region)],
      rule: message,
      fix: fix ?? 'correct it',
    });
  }
}

/** Where a region states what the merged configuration has at this path. */
function placeOf(path: readonly PropertyKey[], providers: readonly string[], { config }: Region): string[] {
  const [field, index, ...rest] = path.map(String);
  if (field === 'providers') return ['config', field, providers[Number(index)] ?? '', ...rest];
  if (field === 'store' && config.store === undefined) return ['maxReplicas'];
  return ['config', field ?? '', ...(index === undefined ? [] : [index]), ...rest];
}

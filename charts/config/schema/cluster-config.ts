import { z } from 'zod';
import { productionRules } from '../../../gateway-app/contract/production-rules';
import {
  runtimeConfigRules,
  runtimeConfigSchema,
  type RuntimeConfig,
} from '../../../gateway-app/contract/runtime-config';
import { memoryStore, redisStore } from '../../../gateway-app/contract/runtime-config-limits';
import { report } from '../../../gateway-app/contract/validate';
import { serviceHosts } from './cluster-hosts';
import { rightFields } from './right-fields';

/** Whoever scales the gateway has stated it: stated twice, the two would differ one day. */
const statedByAutoscaling = z
  .custom<undefined>()
  .superRefine((value: unknown, ctx) => {
    if (value === undefined) return;
    report(ctx, {
      path: [],
      rule: "must not be given here: it is the autoscaler's maximum, and filled in from there",
      fix: 'remove it, and set autoscaling.maxReplicas instead',
    });
  })
  .optional();

/**
 * The runtime configuration as a cluster takes it: for production mode, and without what the manifests state already.
 */
export const clusterConfigSchema = z
  .strictObject({
    ...runtimeConfigSchema.shape,
    store: z
      .discriminatedUnion('kind', [memoryStore, redisStore.extend({ maxReplicas: statedByAutoscaling })], {
        error: 'must have a `kind` of "memory" or "redis"',
      })
      .default({ kind: 'memory' }),
  })
  .superRefine(runtimeConfigRules)
  .superRefine(productionRules)
  .superRefine(serviceHosts)
  .superRefine(({ audit }, ctx) => {
    if (audit.sink.kind !== 'file') return;
    report(ctx, {
      path: ['audit', 'sink', 'kind'],
      rule: 'must be "stdout" in a cluster: the root file system is read-only, and a file would be gone with its pod',
      fix: 'remove audit.sink: what collects the logs collects the audit log too',
    });
  });

/** As written: defaults may be left out. */
export type ClusterConfigInput = z.input<typeof clusterConfigSchema>;
/** As validated: defaults filled in. */
export type ClusterConfig = z.output<typeof clusterConfigSchema>;

/** What the gateway reads. */
export function runtimeConfigOf(config: ClusterConfig, maxReplicas: number): RuntimeConfig {
  const { store } = config;
  return { ...config, store: store.kind === 'memory' ? store : { ...store, maxReplicas } };
}

/** For a refinement of what holds the configuration as `config`, also where some of it is wrong. */
export function sharedLimits(config: ClusterConfig, maxReplicas: number, ctx: z.core.$RefinementCtx): void {
  if (!rightFields(ctx).right('config') || maxReplicas === 1) return;
  const limits = limitsIn(config);
  if (config.store.kind !== 'memory' || limits.length === 0) return;
  report(ctx, {
    path: ['config', 'store', 'kind'],
    rule: `must be "redis" where up to ${maxReplicas} replicas keep limits (${limits.join(', ')}): each would admit the whole of them`,
    fix: "write store: { kind: 'redis', host }, remove the limits, or run a single replica",
  });
}

/** Where limits of several requests together are set. */
function limitsIn({ limits, tenants }: ClusterConfig): string[] {
  const places: [string, object | undefined][] = [
    ['limits.global', limits.global],
    ...tenants.map((tenant, index): [string, object | undefined] => [
      `tenants[${index}].limits`,
      tenant.limits,
    ]),
  ];
  return places.flatMap(([place, value]) =>
    Object.values(value ?? {}).some((limit) => limit !== undefined) ? place : [],
  );
}

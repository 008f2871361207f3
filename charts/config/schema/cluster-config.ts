import { z } from 'zod';
import { productionRules } from '../../../gateway-app/contract/production-rules';
import {
  runtimeConfigRules,
  runtimeConfigSchema,
  type RuntimeConfig,
} from '../../../gateway-app/contract/runtime-config';
import { report } from '../../../gateway-app/contract/validate';
import { serviceHosts } from './cluster-hosts';
import { rightFields } from './right-fields';
import { clusterStore, storeConnection } from './store';

/**
 * The runtime configuration as a cluster takes it: for production mode, and without what the manifests state already.
 */
export const clusterConfigSchema = z
  .strictObject({
    ...runtimeConfigSchema.shape,
    store: clusterStore,
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

/** What the gateway of this name reads. */
export function runtimeConfigOf(config: ClusterConfig, gateway: string, maxReplicas: number): RuntimeConfig {
  return { ...config, store: storeConnection(config.store, gateway, maxReplicas) };
}

/** For a refinement of what holds the configuration at this place, also where some of it is wrong. */
export function sharedLimits(
  config: ClusterConfig,
  maxReplicas: number,
  ctx: z.core.$RefinementCtx,
  place: readonly string[] = ['config'],
): void {
  if (!rightFields(ctx).right(place.join('.')) || maxReplicas === 1) return;
  const limits = limitsIn(config);
  if (config.store.kind !== 'memory' || limits.length === 0) return;
  report(ctx, {
    path: [...place, 'store', 'kind'],
    rule: `must not be "memory" where up to ${maxReplicas} replicas keep limits (${limits.join(', ')}): each would admit the whole of them`,
    fix: 'write store: Store.managed({ host }) or Store.inCluster({ image, passwordFile }), remove the limits, or run a single replica',
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

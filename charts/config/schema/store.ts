import { z } from 'zod';
import { memoryStore, redisStore } from '../../../gateway-app/contract/runtime-config-limits';
import type { RuntimeConfig } from '../../../gateway-app/contract/runtime-config';
import { secretFile } from '../../../gateway-app/contract/secret-file';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { image } from './image';
import { cpu, size } from './unit-types';

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

const managedStore = redisStore.extend({ maxReplicas: statedByAutoscaling });

const inClusterStore = z.strictObject({
  kind: z.literal('in-cluster'),
  image,
  passwordFile: secretFile,
  cpu: cpu.default(defaults.storeCpu),
  memory: size.default(defaults.storeMemory),
});

export const clusterStore = z
  .discriminatedUnion('kind', [memoryStore, managedStore, inClusterStore], {
    error: 'must be made by Store, or have a `kind` of "memory", "redis" or "in-cluster"',
  })
  .default({ kind: 'memory' });

/** A Redis or Valkey that somebody else runs: the gateway's own input, without the number of its replicas. */
export type ManagedStoreInput = z.input<typeof managedStore>;
export type InClusterStore = z.output<typeof inClusterStore>;
export type ClusterStore = z.output<typeof clusterStore>;
export type StoreInput = Exclude<z.input<typeof clusterStore>, undefined>;

/** Name of the in-cluster store's objects, and the host by which the gateway calls it. */
export function storeName(gateway: string): string {
  return `${gateway}-store`;
}

/** How the gateway reaches its store. */
export function storeConnection(
  store: ClusterStore,
  gateway: string,
  maxReplicas: number,
): RuntimeConfig['store'] {
  switch (store.kind) {
    case 'memory':
      return store;
    case 'redis':
      return { ...store, maxReplicas };
    case 'in-cluster':
      return redisStore.parse({
        kind: 'redis',
        host: storeName(gateway),
        passwordFile: store.passwordFile,
        maxReplicas,
      });
  }
}

import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { cidr, dnsLabel, port } from './scalars';

export const replicas = z.int().min(1).max(1000);

/** Zones that a cluster's nodes stand in. */
export const zones = z.int().min(1).max(10).default(defaults.zones);

export const cpuAutoscaling = z.strictObject({
  maxReplicas: replicas.default(defaults.maxReplicas),
  targetCpuPercent: z.int().min(1).max(100).default(defaults.targetCpuPercent),
});

export const cpuAutoscalingWithMinimum = cpuAutoscaling
  .extend({ minReplicas: replicas.default(defaults.minReplicas) })
  .superRefine(({ minReplicas, maxReplicas }, ctx) => {
    if (minReplicas <= maxReplicas) return;
    report(ctx, {
      path: ['minReplicas'],
      rule: `must not be above maxReplicas (${maxReplicas})`,
      fix: 'lower it, or raise maxReplicas',
    });
  });

export const egress = z.union(
  [z.strictObject({ namespace: dnsLabel(), port }), z.strictObject({ cidr, port })],
  {
    error: 'must be { namespace, port } or { cidr, port }',
  },
);

export const network = z.strictObject({
  ingressNamespace: dnsLabel().default(defaults.ingressNamespace),
  monitoringNamespace: dnsLabel().default(defaults.monitoringNamespace),
  egress: z.array(egress).readonly().default([]),
});

export type CpuAutoscaling = z.output<typeof cpuAutoscalingWithMinimum>;
export type Network = z.output<typeof network>;
export type Egress = z.output<typeof egress>;

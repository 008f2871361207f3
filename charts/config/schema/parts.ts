import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { cidr, dnsLabel, pattern, port } from './scalars';

export const replicas = z.int().min(1).max(1000);

/** Zones that a cluster's nodes stand in. */
export const zones = z.int().min(1).max(10).default(defaults.zones);

const cpuAutoscaling = z.strictObject({
  maxReplicas: replicas.default(defaults.maxReplicas),
  targetCpuPercent: z.int().min(1).max(100).default(defaults.targetCpuPercent),
});

const inFlight = z.strictObject({
  perPod: z.int().min(1).max(100_000).default(defaults.inFlightPerPod),
  prometheus: pattern(
    /^https?:\/\/[^\s?#@]+$/,
    'must be an http address without a query, since KEDA appends its own path to it',
    'write it like http://prometheus-operated.monitoring.svc:9090',
  ),
});

/** Of an environment, where each region states its minimum. With `inFlight` it is KEDA that scales. */
export const autoscaling = cpuAutoscaling.extend({ inFlight: inFlight.optional() });

const withMinimum = { minReplicas: replicas.default(defaults.minReplicas) };

export const cpuAutoscalingWithMinimum = cpuAutoscaling.extend(withMinimum).superRefine(minimumBelowMaximum);

export const inFlightAutoscalingWithMinimum = cpuAutoscaling
  .extend({ ...withMinimum, inFlight })
  .superRefine(minimumBelowMaximum);

function minimumBelowMaximum(
  { minReplicas, maxReplicas }: { readonly minReplicas: number; readonly maxReplicas: number },
  ctx: z.core.$RefinementCtx,
): void {
  if (minReplicas <= maxReplicas) return;
  report(ctx, {
    path: ['minReplicas'],
    rule: `must not be above maxReplicas (${maxReplicas})`,
    fix: 'lower it, or raise maxReplicas',
  });
}

export const egress = z.union(
  [z.strictObject({ namespace: dnsLabel(), port }), z.strictObject({ cidr, port })],
  {
    error: 'must be { namespace, port } or { cidr, port }',
  },
);

export const network = z.strictObject({
  ingressNamespace: dnsLabel().default(defaults.ingressNamespace),
  monitoringNamespace: dnsLabel().default(defaults.monitoringNamespace),
  consumers: z.array(dnsLabel()).readonly().default([]),
  egress: z.array(egress).readonly().default([]),
});

export type CpuAutoscaling = z.output<typeof cpuAutoscalingWithMinimum>;
export type InFlightAutoscaling = z.output<typeof inFlightAutoscalingWithMinimum>;
export type Network = z.output<typeof network>;
export type Egress = z.output<typeof egress>;

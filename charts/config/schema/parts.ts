import { z } from 'zod';
import { metrics } from '../../../gateway-app/contract/metrics';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { cidr, dnsLabel, pattern, port } from './scalars';
import { duration, wholeSeconds } from './unit-types';

export const replicas = z.int().min(1).max(1000);

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

const egress = z.union([z.strictObject({ namespace: dnsLabel(), port }), z.strictObject({ cidr, port })], {
  error: 'must be { namespace, port } or { cidr, port }',
});

export const network = z.strictObject({
  ingressNamespace: dnsLabel().default(defaults.ingressNamespace),
  monitoringNamespace: dnsLabel().default(defaults.monitoringNamespace),
  egress: z.array(egress).readonly().default([]),
});

/** A histogram's quantile never exceeds its largest bucket: an alert above it could not fire. */
const largestBucketSeconds = Math.max(...(metrics.overheadDuration.buckets ?? []));

const alerts = z.strictObject({
  highErrorRate: z
    .strictObject({
      ratio: z.number().gt(0).lt(1).default(defaults.errorRatio),
      for: wholeSeconds().default(defaults.errorRatioFor),
    })
    .prefault({}),
  highLatency: z
    .strictObject({
      overheadP99: duration({
        holds: (value) => value.toMilliseconds() < largestBucketSeconds * 1000,
        rule: `must be below ${largestBucketSeconds} s, the largest bucket of ${metrics.overheadDuration.name}, since the alert could never fire`,
        fix: 'choose a lower threshold',
      }).default(defaults.overheadP99),
      for: wholeSeconds().default(defaults.overheadP99For),
    })
    .prefault({}),
});

export const monitoring = z.strictObject({
  scrapeInterval: wholeSeconds().default(defaults.scrapeInterval),
  runbookBaseUrl: pattern(/^\S*[^\s/]$/, 'must not end with a slash or hold a space', 'remove it').default(
    defaults.runbookBaseUrl,
  ),
  alerts: alerts.prefault({}),
});

export const secrets = z.strictObject({ existing: dnsLabel() });

export type CpuAutoscaling = z.output<typeof cpuAutoscalingWithMinimum>;
export type Network = z.output<typeof network>;
export type Monitoring = z.output<typeof monitoring>;
export type Egress = z.output<typeof egress>;

import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { rightFields, whenever } from './right-fields';
import { dnsLabel, hostName, pattern } from './scalars';
import { wholeSeconds } from './unit-types';

/** Resolvers keep an answer for a week at most, RFC 8767. */
const longestTtlSeconds = 604_800;

const recordTtl = wholeSeconds({
  holds: (ttl) => ttl.toSeconds() <= longestTtlSeconds,
  rule: `must be ${longestTtlSeconds} seconds at most: resolvers keep no answer for longer`,
  fix: 'shorten it',
}).default(defaults.recordTtl);

const routingControlArn = pattern(
  /^arn:aws[a-z-]*:route53-recovery-control::\d{12}:controlpanel\/[0-9a-f]+\/routingcontrol\/[0-9a-f]+$/,
  'must be the ARN of a routing control',
  'write it like arn:aws:route53-recovery-control::123456789012:controlpanel/0a1b/routingcontrol/2c3d',
);

const route53 = z.strictObject({
  kind: z.literal('route53'),
  hostedZone: z.strictObject({
    domain: hostName,
    id: pattern(/^Z[A-Z0-9]{1,31}$/, 'must be Z and capital letters or digits', 'copy it from Route 53'),
  }),
  failureThreshold: z.int().min(1).max(10).default(defaults.failureThreshold),
  recordTtl,
  routingControls: z.record(z.string(), routingControlArn).optional(),
});

const k8gb = z.strictObject({
  kind: z.literal('k8gb'),
  route: z.strictObject({
    kind: z.enum(['HTTPRoute', 'VirtualService', 'Ingress', 'Service']),
    name: dnsLabel(),
  }),
  recordTtl,
});

const emitter = z.discriminatedUnion('kind', [route53, k8gb, z.strictObject({ kind: z.literal('none') })], {
  error: 'must be made by Failover: Failover.route53(...), Failover.k8gb(...) or Failover.none()',
});

/** Route 53 checks every 10 or every 30 seconds, and never changes the interval of a check. */
const checkIntervalsMs = [10_000, 30_000];

export const failover = z
  .strictObject({
    enabled: z.boolean(),
    healthCheckInterval: wholeSeconds().default(defaults.healthCheckInterval),
    autoFailover: z.boolean(),
    manualApproval: z.boolean(),
    by: emitter.optional(),
  })
  .superRefine(({ enabled, healthCheckInterval, autoFailover, manualApproval, by }, ctx) => {
    const { shaped, right } = rightFields(ctx);
    if (!shaped('') || !right('by')) return;
    if (
      by?.kind === 'route53' &&
      right('healthCheckInterval') &&
      !checkIntervalsMs.includes(healthCheckInterval.toMilliseconds())
    ) {
      report(ctx, {
        path: ['healthCheckInterval'],
        rule: 'must be 10 or 30 seconds: Route 53 knows no other interval, and would refuse the health check',
        fix: 'choose one of the two',
      });
    }
    if (right('enabled') && right('autoFailover') && right('manualApproval') && enabled) {
      if (by === undefined) {
        report(ctx, {
          path: ['by'],
          rule: 'must say who moves the clients where failover is enabled: nothing would be written',
          fix: 'add by: Failover.route53({ hostedZone }), or Failover.none() where something else moves them',
        });
      } else whoMoves({ autoFailover, manualApproval, by }, ctx);
    }
  }, whenever);

type Emitter = z.output<typeof emitter>;

interface Moving {
  readonly autoFailover: boolean;
  readonly manualApproval: boolean;
  readonly by: Emitter;
}

/** The types say the same; this is for whoever writes JavaScript, or asserts a type. */
function whoMoves({ autoFailover, manualApproval, by }: Moving, ctx: z.core.$RefinementCtx): void {
  if (autoFailover === manualApproval) {
    report(ctx, {
      path: ['autoFailover'],
      rule: autoFailover
        ? 'must be false where manualApproval is true: records that move by themselves ask nobody'
        : 'must be true, or manualApproval must be: else nothing ever moves the clients',
      fix: 'set one of the two to true, or set enabled: false',
    });
    return;
  }
  const controlled = by.kind === 'route53' && by.routingControls !== undefined;
  if (manualApproval && !controlled) {
    report(ctx, {
      path: ['manualApproval'],
      rule: `must be false with ${by.kind}${by.kind === 'route53' ? ' and without routing controls' : ''}: only a routing control of Route 53 waits for a person, and all else would move traffic unasked`,
      fix: 'add by: Failover.route53({ hostedZone, routingControls }), or set it to false and autoFailover to true',
    });
  }
  if (autoFailover && controlled) {
    report(ctx, {
      path: ['by', 'routingControls'],
      rule: 'must not be given where autoFailover is true: a routing control waits for a person, and no health check would be made',
      fix: 'remove them, or set autoFailover: false and manualApproval: true',
    });
  }
}

export type FailoverSettings = z.output<typeof failover>;
export type Route53Settings = z.output<typeof route53>;
export type K8gbSettings = z.output<typeof k8gb>;

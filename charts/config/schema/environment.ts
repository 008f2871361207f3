import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { gatewayFields, gatewayRules } from './gateway';
import { cpuAutoscaling, monitoring, network, secrets } from './parts';
import { failover, regions } from './regions';
import { rightFields, whenever } from './right-fields';

export const environmentSchema = z
  .strictObject({
    ...gatewayFields,
    autoscaling: cpuAutoscaling.prefault({}),
    network: network.prefault({}),
    monitoring: monitoring.prefault({}),
    secrets: secrets.optional(),
    regions,
    failover,
  })
  .superRefine((environment, ctx) => {
    const right = rightFields(ctx);
    gatewayRules(environment, ctx);
    if (right('regions', 'autoscaling')) replicasWithinMaximum(environment, ctx);
    if (right('regions', 'failover')) enoughRegions(environment, ctx);
    if (right('config', 'secrets')) secretsForKeys(environment, ctx);
  }, whenever);

/** An environment as validated: defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

type Checked = Pick<Environment, 'regions' | 'autoscaling' | 'failover' | 'config' | 'secrets'>;

function replicasWithinMaximum({ regions, autoscaling }: Checked, ctx: z.core.$RefinementCtx): void {
  for (const [key, { replicas }] of Object.entries(regions)) {
    if (replicas <= autoscaling.maxReplicas) continue;
    report(ctx, {
      path: ['regions', key, 'replicas'],
      rule: `must not be above autoscaling.maxReplicas (${autoscaling.maxReplicas})`,
      fix: 'lower it, or raise autoscaling.maxReplicas',
    });
  }
}

function enoughRegions({ regions, failover }: Checked, ctx: z.core.$RefinementCtx): void {
  const count = Object.keys(regions).length;
  if (!failover.enabled || count === 2) return;
  report(ctx, {
    path: ['failover', 'enabled'],
    rule:
      count < 2
        ? 'must be false with a single region: there is nowhere to fail over to'
        : `must be false with ${count} regions: Route 53 knows one primary and one secondary record for a name, and nested names are not supported yet`,
    fix: count < 2 ? 'add a region, or set it to false' : 'keep two regions, or set it to false',
  });
}

function secretsForKeys({ config, secrets }: Checked, ctx: z.core.$RefinementCtx): void {
  if (secrets !== undefined) return;
  config.providers.forEach((provider, index) => {
    if (provider.kind !== 'openai' || provider.apiKeyFile === undefined) return;
    report(ctx, {
      path: ['config', 'providers', index, 'apiKeyFile'],
      rule: 'needs a Secret that holds the file, and none is given',
      fix: "add secrets: { existing: '<name of the Secret>' }",
    });
  });
}

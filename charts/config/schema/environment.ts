import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { secretFilesOf } from '../../../gateway-app/contract/secret-files';
import { sharedLimits } from './cluster-config';
import { gatewayFields, gatewayRules } from './gateway';
import { monitoring } from './monitoring';
import { cpuAutoscaling, network, secrets } from './parts';
import { imageRegistries } from './policy-settings';
import { failover, globalNamespace, regions } from './regions';
import { rightFields, whenever, type RightFields } from './right-fields';

export const environmentSchema = z
  .strictObject({
    ...gatewayFields,
    imageRegistries,
    autoscaling: cpuAutoscaling.prefault({}),
    network: network.prefault({}),
    monitoring: monitoring.prefault({}),
    secrets: secrets.optional(),
    regions,
    failover: failover.optional(),
  })
  .superRefine((environment, ctx) => {
    const fields = rightFields(ctx);
    if (!fields.shaped('')) return;
    gatewayRules(environment, ctx);
    replicasWithinMaximum(environment, fields, ctx);
    enoughRegions(environment, fields, ctx);
    roomForGlobal(environment, fields, ctx);
    secretsForKeys(environment, fields, ctx);
    if (fields.right('autoscaling.maxReplicas')) {
      sharedLimits(environment.config, environment.autoscaling.maxReplicas, ctx);
    }
  }, whenever);

/** An environment as validated: defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

type Checked = Pick<Environment, 'namespace' | 'regions' | 'autoscaling' | 'failover' | 'config' | 'secrets'>;

function replicasWithinMaximum(
  { regions, autoscaling }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!shaped('regions') || !right('autoscaling.maxReplicas')) return;
  for (const [key, region] of Object.entries(regions)) {
    if (!right(`regions.${key}.replicas`) || region.replicas <= autoscaling.maxReplicas) continue;
    report(ctx, {
      path: ['regions', key, 'replicas'],
      rule: `must not be above autoscaling.maxReplicas (${autoscaling.maxReplicas})`,
      fix: 'lower it, or raise autoscaling.maxReplicas',
    });
  }
}

function enoughRegions(
  { regions, failover }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!shaped('regions') || !right('failover.enabled') || failover?.enabled !== true) return;
  const count = Object.keys(regions).length;
  if (count === 2) return;
  report(ctx, {
    path: ['failover', 'enabled'],
    rule:
      count < 2
        ? 'must be false with a single region: there is nowhere to fail over to'
        : `must be false with ${count} regions: Route 53 knows one primary and one secondary record for a name, and nested names are not supported yet`,
    fix: count < 2 ? 'add a region, or set it to false' : 'keep two regions, or set it to false',
  });
}

/** Of a namespace's name. */
const mostCharacters = 63;

function roomForGlobal(
  { namespace, failover }: Checked,
  { right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!right('namespace') || !right('failover.enabled') || failover?.enabled !== true) return;
  const suffixLength = globalNamespace('').length;
  if (namespace.length + suffixLength <= mostCharacters) return;
  report(ctx, {
    path: ['namespace'],
    rule: `must have at most ${mostCharacters - suffixLength} characters where failover is enabled: its objects live in ${globalNamespace('<namespace>')}`,
    fix: 'shorten it',
  });
}

function secretsForKeys(
  { config, secrets }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  const named = ['config.providers', 'config.store', 'config.admin'];
  if (!named.every(right) || !shaped('config') || !shaped('secrets') || secrets !== undefined) return;
  for (const { path } of secretFilesOf(config)) {
    report(ctx, {
      path: ['config', ...path],
      rule: 'needs a Secret that holds the file, and none is given: the gateway would refuse to start',
      fix: "add secrets: { existing: '<name of the Secret>' }",
    });
  }
}

import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { secretFilesOf } from '../../../gateway-app/contract/secret-files';
import { regionalHost } from '../regional';
import { backup } from './backup';
import { backupRules } from './backup-rules';
import { sharedLimits } from './cluster-config';
import { delivery, deliveryRules } from './delivery';
import { entry } from './entry';
import { adminRules } from './entry-admin';
import { entryTlsRules } from './entry-tls';
import { failover } from './failover';
import { failoverRules } from './failover-rules';
import { gatewayFields, gatewayRules } from './gateway';
import { monitoring } from './monitoring';
import { autoscaling, network } from './parts';
import { imageRegistries } from './policy-settings';
import { promises } from './promises';
import { regionRules } from './region-rules';
import { regions } from './regions';
import { awsRegion, secrets } from './secrets';
import { rightFields, whenever, type RightFields } from './right-fields';
import { hostName } from './scalars';

export const environmentSchema = z
  .strictObject({
    ...gatewayFields,
    imageRegistries,
    autoscaling: autoscaling.prefault({}),
    network: network.prefault({}),
    entry: entry.default({ kind: 'none' }),
    monitoring: monitoring.prefault({}),
    secrets: secrets.optional(),
    host: hostName.optional(),
    regions,
    failover: failover.optional(),
    promises: promises.optional(),
    backup: backup.optional(),
    delivery: delivery.default({ kind: 'none' }),
  })
  .superRefine((environment, ctx) => {
    const fields = rightFields(ctx);
    if (!fields.shaped('')) return;
    gatewayRules(environment, ctx);
    regionRules(environment, fields, ctx);
    failoverRules(environment, fields, ctx);
    secretsForKeys(environment, fields, ctx);
    regionsOfAws(environment, fields, ctx);
    entryHost(environment, fields, ctx);
    adminRules(environment, ctx);
    entryTlsRules(environment, ctx);
    backupRules(environment, fields, ctx);
    deliveryRules(environment, fields, ctx);
    if (fields.right('autoscaling.maxReplicas')) {
      sharedLimits(environment.config, environment.autoscaling.maxReplicas, ctx);
    }
  }, whenever);

/** An environment as validated: defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

type Checked = Pick<Environment, 'config' | 'secrets' | 'entry' | 'host' | 'regions'>;

function secretsForKeys(
  { config, secrets }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  const named = ['config.providers', 'config.store', 'config.admin'];
  if (!named.every(right) || !shaped('config') || !shaped('secrets') || secrets !== undefined) return;
  const access = right('config.access') ? config.access : 'keys';
  for (const { path } of secretFilesOf({ ...config, access })) {
    report(ctx, {
      path: ['config', ...path],
      rule: 'needs a Secret that holds the file, and none is given: the gateway would refuse to start',
      fix: "add secrets: { externalSecrets: { ... } }, or secrets: { existing: '<name of the Secret>' }",
    });
  }
}

function regionsOfAws(
  { secrets, regions }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!right('secrets') || !shaped('regions') || secrets?.externalSecrets?.aws === undefined) return;
  for (const [key, { region }] of Object.entries(regions)) {
    if (!right(`regions.${key}.region`) || awsRegion.test(region)) continue;
    report(ctx, {
      path: ['regions', key, 'region'],
      rule: 'must be a region of AWS where the secrets come from its Secrets Manager: it is asked in that region',
      fix: 'write it like us-east-1, or take the secrets from elsewhere',
    });
  }
}

/** A name for each region's entry. */
function entryHost(
  { entry, host, regions }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!right('entry') || !right('host') || !shaped('regions')) return;
  if (entry.kind === 'none' || Object.values(regions).every((region) => regionalHost(host, region))) return;
  report(ctx, {
    path: ['host'],
    rule: 'must be given where there is an entry: without a name it answers to nobody',
    fix: 'write the name that clients use, like gateway.example.com, or choose Entry.none()',
  });
}

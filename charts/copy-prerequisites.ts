import { reservedDomain } from './config/reserved-domain';
import { bucketFor, logsNamespace, usersOfBuckets } from './config/schema/backup';
import type { Environment } from './config/schema/environment';

/** AWS's own documentation uses this account. */
const exampleAccount = '123456789012';

/** The same for the copies that leave a region. */
export function copyPrerequisites({ backup, namespace, regions }: Environment): string[] {
  if (backup === undefined) return [];
  const { objects, secrets, metrics, logs } = backup;
  const needed = usersOfBuckets(backup).length === 0 ? [] : Object.values(regions);
  const buckets = new Set(needed.flatMap(({ region }) => bucketFor(backup, region)?.name ?? []));
  const roles = [secrets, logs].filter(
    (part) => part !== undefined && 'roleArn' in part && part.roleArn.includes(exampleAccount),
  );
  const apiKey = logs !== undefined && 'elasticsearch' in logs.to ? logs.to.elasticsearch.apiKey : undefined;
  return [
    ...(buckets.size === 0
      ? []
      : [
          `backup: the buckets ${[...buckets].join(', ')} are not made here. docs/backup.md says how they must be.`,
        ]),
    ...(objects === undefined
      ? []
      : [`backup.objects: Velero must run in namespace ${objects.namespace} and be let into the buckets.`]),
    ...(roles.length === 0
      ? []
      : [`backup: account ${exampleAccount} stands for your own in a roleArn. Replace it before applying.`]),
    ...(metrics === undefined || !reservedDomain.test(new URL(metrics.url).hostname)
      ? []
      : [`backup.metrics.url ${metrics.url} stands for your own. Replace it before applying.`]),
    ...(metrics?.bearerToken === undefined
      ? []
      : [
          `backup.metrics.bearerToken: the Secret ${metrics.bearerToken.secret} of namespace ${namespace} is not written here. Without it nothing is sent.`,
        ]),
    ...(apiKey === undefined
      ? []
      : [
          `backup.logs: the Secret ${apiKey.secret} of namespace ${logsNamespace(namespace)} is not written here. No collector starts without it.`,
        ]),
  ];
}

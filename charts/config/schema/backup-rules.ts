import type { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { bucketFor, usersOfBuckets, type Backup } from './backup';
import type { Region } from './regions';
import type { RightFields } from './right-fields';

interface Checked {
  readonly backup?: Backup | undefined;
  readonly secrets?: object | undefined;
  readonly regions: Readonly<Record<string, Region>>;
}

/** What the copies need of the rest of the environment. */
export function backupRules(
  { backup, regions, secrets }: Checked,
  { shaped, right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (backup === undefined || !right('backup')) return;
  if (backup.secrets !== undefined && shaped('secrets') && secrets === undefined) {
    report(ctx, {
      path: ['backup', 'secrets'],
      rule: 'must not be given without secrets: there is none to copy',
      fix: 'remove it, or say in `secrets` where they come from',
    });
  }
  const users = usersOfBuckets(backup);
  if (users.length === 0 || !right('regions')) return;
  for (const { region } of Object.values(regions)) {
    if (bucketFor(backup, region) !== undefined) continue;
    report(ctx, {
      path: ['backup', 'buckets'],
      rule: `must hold one outside ${region} for its ${users.join(', ')}: copies in the same region are lost with it`,
      fix: 'add a bucket in another region',
    });
  }
}

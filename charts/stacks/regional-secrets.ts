import type { SecretsSource } from '../config/schema/secrets';
import { Secrets } from '../secrets/secrets';

/** Where one region's secrets come from: its own manager, or its own login at a shared one. */
export function regionalSecrets(source: SecretsSource | undefined, region: string): Secrets {
  if (source?.existing !== undefined) return Secrets.existing(source.existing);
  if (source?.externalSecrets === undefined) return Secrets.none();
  const { aws, vault, ...settings } = source.externalSecrets;
  if (aws !== undefined) return Secrets.externalSecrets({ ...settings, aws: { ...aws, region } });
  if (vault === undefined) throw new Error('the schema lets no source pass without its manager');
  return Secrets.externalSecrets({
    ...settings,
    // A mount of the auth method trusts the API server of one cluster.
    vault: { ...vault, authPath: `${vault.authPath}/${region}` },
  });
}

import { secretFilesOf } from '../gateway-app/contract/secret-files';
import { defaults } from './config/defaults';
import { regionalEnvironment } from './config/regional-environment';
import type { Environment } from './config/schema/environment';
import type { SecretsSource } from './config/schema/secrets';
import { defaultKeyPrefix } from './secrets/secrets';

/** What must hold the values of the secrets before a pod can start. */
export function secretPrerequisites(shared: Environment): string[] {
  const { environment, namespace, secrets, regions } = shared;
  const files = filesOf(shared);
  if (secrets?.existing !== undefined) return [existing(secrets.existing, namespace, files)];
  const settings = secrets?.externalSecrets;
  if (settings === undefined || files.length === 0) return [];
  const prefix = settings.keyPrefix ?? defaultKeyPrefix({ environment, name: defaults.name });
  const keys = files.map((file) => `${prefix}/${file}`);
  const names = Object.values(regions).map(({ region }) => region);
  return [...placeholders(settings), manager(settings, keys, names, namespace)];
}

/** Of all regions: one may have a store of its own, with a password of its own. */
function filesOf(shared: Environment): string[] {
  const named = Object.values(shared.regions).flatMap((region) =>
    secretFilesOf(regionalEnvironment(shared, region).config),
  );
  return [...new Set(named.map(({ name }) => name))];
}

function existing(name: string, namespace: string, files: readonly string[]): string {
  const command = [
    `kubectl create secret generic ${name} --namespace ${namespace}`,
    ...files.map((file) => `--from-file=${file}`),
  ].join(' ');
  const what = files.length === 0 ? 'config names none of its keys' : `its keys: ${files.join(', ')}`;
  return `secrets.existing: the Secret ${name} is mounted but not written here (${what}). No pod starts without it. In each region: ${command}`;
}

type Settings = NonNullable<SecretsSource['externalSecrets']>;

/** What a secret must look like there, as docs/secrets.md explains it. */
const fields = 'value=... and issued=YYYY-MM-DD';

function manager(
  { aws, vault }: Settings,
  keys: readonly string[],
  regions: readonly string[],
  namespace: string,
): string {
  const missing = `secrets.externalSecrets: the External Secrets operator must run in each cluster, and no pod starts before it has made the Secret.`;
  const held = `must hold ${keys.join(', ')}, each with the fields ${fields}`;
  if (aws !== undefined) {
    const who =
      aws.takenBy === 'operator'
        ? "the operator's pods"
        : `the service account ${defaults.name}-secrets of ${namespace}`;
    return `${missing} AWS Secrets Manager in ${regions.join(' and ')} ${held}, and ${aws.roleArn} must let ${who} read them.`;
  }
  if (vault === undefined) return missing;
  const mounts = regions.map((region) => `${vault.authPath}/${region}`);
  return `${missing} The engine ${vault.path} of ${vault.server} ${held}, and the auth mounts ${mounts.join(' and ')} must let the service account ${defaults.name}-secrets of ${namespace} log in as ${vault.role}.`;
}

/** The account number that the documentation of AWS uses in the place of one's own. */
const placeholderAccount = '123456789012';

function placeholders({ aws }: Settings): string[] {
  if (aws?.roleArn.includes(`::${placeholderAccount}:`) !== true) return [];
  return [
    `secrets.externalSecrets.aws.roleArn: account ${placeholderAccount} stands for your own. Replace before applying.`,
  ];
}

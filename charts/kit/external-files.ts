import { Construct } from 'constructs';
import { issuedSuffix } from '../../gateway-app/contract/secret-file';
import {
  ExternalSecret,
  ExternalSecretSpecRefreshPolicy,
  ExternalSecretSpecSecretStoreRefKind,
  ExternalSecretSpecTargetCreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy,
  type ExternalSecretSpecData,
} from '../../imports/externalsecret-external-secrets.io';
import type { ExternalSecrets } from '../config/schema/secrets';
import { metadataOf, type Identity } from './identity';
import { SecretStore } from './secret-store';

export interface ExternalFilesProps {
  readonly identity: Identity;
  /** Follows the identity's name in the names of the objects, the Secret's included. */
  readonly suffix: string;
  readonly settings: ExternalSecrets;
  /** What comes before a file's name in the manager, where the settings say nothing. */
  readonly keyPrefix: string;
  /** Names of the files, in any order. */
  readonly files: readonly string[];
}

/** Fields of a secret in its manager: one JSON object, or one entry of Vault's key-value engine. */
export const secretFields = { value: 'value', issued: 'issued' } as const;

/** A Secret with these files, kept like the values in a manager of secrets. */
export class ExternalFiles extends Construct {
  /** Of the Secret. */
  readonly secretName: string;

  constructor(
    scope: Construct,
    id: string,
    { identity, suffix, settings, keyPrefix, files }: ExternalFilesProps,
  ) {
    super(scope, id);
    const { aws, vault } = settings;
    const store = new SecretStore(this, 'store', { identity, suffix, aws, vault });
    const metadata = metadataOf(identity, suffix);
    this.secretName = metadata.name;
    new ExternalSecret(this, 'secret', {
      metadata,
      spec: {
        secretStoreRef: { kind: ExternalSecretSpecSecretStoreRefKind.SECRET_STORE, name: store.name },
        refreshPolicy: ExternalSecretSpecRefreshPolicy.PERIODIC,
        refreshInterval: `${settings.refreshInterval.toSeconds()}s`,
        target: {
          name: metadata.name,
          creationPolicy: ExternalSecretSpecTargetCreationPolicy.OWNER,
          // A key that someone deletes in the manager by mistake must not take the gateway with it.
          deletionPolicy: ExternalSecretSpecTargetDeletionPolicy.RETAIN,
        },
        data: [...new Set(files)]
          .sort()
          .flatMap((file) => entries(file, `${settings.keyPrefix ?? keyPrefix}/${file}`)),
      },
    });
  }
}

/** The value, and beside it the day since when it is in use, by which its age is watched. */
function entries(file: string, key: string): ExternalSecretSpecData[] {
  return [
    { secretKey: file, remoteRef: { key, property: secretFields.value } },
    { secretKey: `${file}${issuedSuffix}`, remoteRef: { key, property: secretFields.issued } },
  ];
}

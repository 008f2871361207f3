import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { issuedSuffix } from '../../gateway-app/contract/secret-file';
import type { SecretBackup as Settings } from '../config/schema/backup';
import { copyPath } from '../kit/copy-path';
import { secretFields } from '../kit/external-files';
import { metadataOf, type Identity } from '../kit/identity';
import { SecretStore } from '../kit/secret-store';

export interface SecretBackupProps {
  readonly identity: Identity;
  /** The region whose cluster this is. */
  readonly region: string;
  /** Where the copies lie, for a store that is made here. */
  readonly storeRegion: string | undefined;
  /** The Secret to copy. */
  readonly secretName: string;
  /** Its keys. */
  readonly files: readonly string[];
  /** Whether it also says of each since when it is in use. */
  readonly hasIssued: boolean;
  readonly settings: Settings;
}

const suffix = 'backup';

/** Keys of a Secret, written to the secret manager of another region each time they change. */
export class SecretBackup extends Construct {
  constructor(scope: Construct, id: string, props: SecretBackupProps) {
    super(scope, id);
    const { identity, region, secretName, files, hasIssued, settings } = props;
    new ApiObject(this, 'push', {
      apiVersion: 'external-secrets.io/v1alpha1',
      kind: 'PushSecret',
      metadata: metadataOf(identity, suffix),
      spec: {
        refreshInterval: `${settings.interval.toSeconds()}s`,
        // A copy is of use above all when the original has been deleted.
        deletionPolicy: 'None',
        updatePolicy: 'Replace',
        secretStoreRefs: [this.store(props)],
        selector: { secret: { name: secretName } },
        data: [...new Set(files)].sort().flatMap((file) => {
          const remoteKey = `${copyPath(identity, 'secrets', region)}/${file}`;
          const entry = (secretKey: string, property: string) => ({
            match: { secretKey, remoteRef: { remoteKey, property } },
          });
          // In the form that an ExternalSecret reads: the copy can take the original's place.
          return [
            entry(file, secretFields.value),
            ...(hasIssued ? [entry(`${file}${issuedSuffix}`, secretFields.issued)] : []),
          ];
        }),
      },
    });
  }

  private store({ identity, storeRegion: region, settings }: SecretBackupProps) {
    if ('clusterSecretStore' in settings) {
      return { kind: 'ClusterSecretStore', name: settings.clusterSecretStore };
    }
    if (region === undefined)
      throw new Error('the schema lets no copy pass without a bucket that says where it goes');
    const aws = { region, roleArn: settings.roleArn, takenBy: 'service-account' as const };
    return { kind: 'SecretStore', name: new SecretStore(this, 'store', { identity, suffix, aws }).name };
  }
}

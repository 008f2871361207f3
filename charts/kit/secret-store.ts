import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { ExternalSecrets } from '../config/schema/secrets';
import { metadataOf, type Identity } from './identity';

/** What of a manager of secrets differs between one kind and another. */
type Manager = Pick<ExternalSecrets, 'aws' | 'vault'>;

export interface SecretStoreProps extends Manager {
  readonly identity: Identity;
  /** Follows the gateway's name in the names of the objects. */
  readonly suffix: string;
}

/**
 * A manager of secrets as the External Secrets operator knows it, and the service account that logs in there.
 *
 * Plain objects: the class that `cdk8s import` makes of this kind holds every manager there is, and loading its 12,000 lines
 * would take longer than the rest of a synth.
 */
export class SecretStore extends Construct {
  /** By which other objects of the namespace refer to it. */
  readonly name: string;

  constructor(scope: Construct, id: string, { identity, suffix, aws, vault }: SecretStoreProps) {
    super(scope, id);
    const metadata = metadataOf(identity, suffix);
    this.name = metadata.name;
    if (aws?.takenBy !== 'operator') {
      // The operator asks the API server for a token of it. It has no rights in the cluster, and no pod runs as it.
      new k8s.KubeServiceAccount(this, 'service-account', {
        metadata: {
          ...metadata,
          ...(aws === undefined ? {} : { annotations: { 'eks.amazonaws.com/role-arn': aws.roleArn } }),
        },
        automountServiceAccountToken: false,
      });
    }
    new ApiObject(this, 'store', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata,
      spec: { provider: providerOf({ aws, vault }, metadata.name) },
    });
  }
}

function providerOf({ aws, vault }: Manager, serviceAccount: string): object {
  const serviceAccountRef = { name: serviceAccount };
  if (aws !== undefined) {
    const { region, roleArn, takenBy } = aws;
    return {
      aws: {
        service: 'SecretsManager',
        region,
        ...(takenBy === 'operator' ? { role: roleArn } : { auth: { jwt: { serviceAccountRef } } }),
      },
    };
  }
  if (vault === undefined) throw new Error('the schema lets no store pass without its manager');
  const { server, path, authPath, role, caCertificate } = vault;
  return {
    vault: {
      server,
      path,
      version: 'v2',
      ...(caCertificate === undefined ? {} : { caBundle: Buffer.from(caCertificate).toString('base64') }),
      auth: { kubernetes: { mountPath: authPath, role, serviceAccountRef } },
    },
  };
}

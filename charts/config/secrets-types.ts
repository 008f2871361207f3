import type { Duration } from 'cdk8s';

/** Where the credentials of the providers and the store, and the operators' token, come from: one of the two. */
export type SecretsInput = ExistingSecretInput | ExternalSecretInput;

/** A Secret that someone else makes. */
export interface ExistingSecretInput {
  /** Its name in the gateway's namespace. Each of its keys becomes a file. */
  readonly existing: string;
  readonly externalSecrets?: never;
}

/** A Secret that the External Secrets operator makes, with exactly the files that the configuration names. */
export interface ExternalSecretInput {
  /** Each region reads from its own manager, so what names a region or a cluster is filled in from `regions`. */
  readonly externalSecrets: RegionalExternalSecretsInput;
  readonly existing?: never;
}

/** As an environment writes it. */
export type RegionalExternalSecretsInput = ExternalSecretsSettings &
  OneOf<{
    /** AWS Secrets Manager of the region whose manifests these are. */
    readonly aws: Omit<AwsSecretsManagerInput, 'region'>;
    /** HashiCorp Vault. Each cluster logs in at a mount of its own: `<authPath>/<region>`. */
    readonly vault: VaultInput;
  }>;

/** As `Secrets.externalSecrets` takes it. */
export type ExternalSecretsInput = ExternalSecretsSettings &
  OneOf<{
    /** AWS Secrets Manager. */
    readonly aws: AwsSecretsManagerInput;
    /** HashiCorp Vault. */
    readonly vault: VaultInput;
  }>;

/** What is the same for every manager of secrets. */
export interface ExternalSecretsSettings {
  /**
   * What comes before the file's name in the manager: the key of `openai-api-key` is `<keyPrefix>/openai-api-key`. Absent:
   * the environment and the gateway's name, like `production/ai-gateway`.
   */
  readonly keyPrefix?: string | undefined;
  /**
   * How often the manager is asked for new values, whole seconds. A new one is in use after this, a minute for the kubelet,
   * and 2 seconds. @default 5 minutes (secretRefreshInterval)
   */
  readonly refreshInterval?: Duration;
}

/**
 * AWS Secrets Manager.
 *
 * @see https://external-secrets.io/latest/provider/aws-secrets-manager/
 */
export interface AwsSecretsManagerInput {
  /** Its region, e.g. `us-east-1`. */
  readonly region: string;
  /** ARN of the IAM role that may read the secrets below `keyPrefix`. */
  readonly roleArn: string;
  /**
   * Who takes the role. `service-account`: one made for this alone, by the cluster's OIDC issuer (IRSA); no pod runs as it.
   * `operator`: the operator's own pods, whose identity (EKS Pod Identity) may take it.
   * @default service-account (roleTakenBy)
   */
  readonly takenBy?: 'service-account' | 'operator';
}

/**
 * HashiCorp Vault, a key-value engine of version 2, with a login by a service account that is made for this alone.
 *
 * @see https://external-secrets.io/latest/provider/hashicorp-vault/
 */
export interface VaultInput {
  /** Address, with `https`. */
  readonly server: string;
  /** Role of the Kubernetes auth method, bound to the service account `<gateway>-secrets` of the gateway's namespace. */
  readonly role: string;
  /** Where the key-value engine is mounted. @default secret (vaultPath) */
  readonly path?: string;
  /** Where the Kubernetes auth method is mounted. @default kubernetes (vaultAuthPath) */
  readonly authPath?: string;
  /** PEM of the authority that signed its certificate. Absent: the operator's own authorities. */
  readonly caCertificate?: string | undefined;
}

/** Exactly one of these fields. */
export type OneOf<Fields> = {
  [Chosen in keyof Fields]: Pick<Fields, Chosen> & Partial<Record<Exclude<keyof Fields, Chosen>, never>>;
}[keyof Fields];

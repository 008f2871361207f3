import type { Duration } from 'cdk8s';

/** An S3 bucket that keeps copies. It is made by others: versioned, encrypted, and for the audit log with object lock. */
export interface BucketInput {
  /** 3 to 63 lower-case letters, digits and inner hyphens. */
  readonly name: string;
  /** The cloud's name of the region that it lies in, e.g. `us-west-2`. */
  readonly region: string;
}

/** One value of a Secret that somebody else makes. */
export interface SecretKeyInput {
  /** Name of the Secret. */
  readonly secret: string;
  /** Its key. */
  readonly key: string;
}

/** The objects of the gateway's namespace but Secrets, through Velero. */
export interface ObjectBackupInput {
  /** When, as five fields of cron in UTC. @default 17 0,6,12,18 * * * (objectBackupSchedule) */
  readonly schedule?: string;
  /** How long a backup is kept, whole hours; longer than the longest time between two of them. @default 30 days (objectBackupRetention) */
  readonly retention?: Duration;
  /** Where Velero runs: it reads its objects nowhere else. @default velero (veleroNamespace) */
  readonly namespace?: string;
}

/** The gateway's Secret, pushed to the secret manager of another region by External Secrets. */
export type SecretBackupInput = AwsSecretBackupInput | StoreSecretBackupInput;

/** Into AWS Secrets Manager of the region where the region's bucket lies; store and service account are made here. */
export interface AwsSecretBackupInput {
  /** The role that may write there, and below the names of this gateway only: `arn:aws:iam::...:role/...`. */
  readonly roleArn: string;
  /** Between two pushes, whole seconds. @default 60 minutes (secretBackupInterval) */
  readonly interval?: Duration;
}

/** Into a store that others made, e.g. one of a Vault elsewhere. */
export interface StoreSecretBackupInput {
  /** Name of a ClusterSecretStore of each cluster, which leads out of its region. */
  readonly clusterSecretStore: string;
  /** Between two pushes, whole seconds. @default 60 minutes (secretBackupInterval) */
  readonly interval?: Duration;
}

/** The gateway's samples, sent on by a Prometheus agent of their own. */
export interface MetricsBackupInput {
  /** Where remote write goes: Thanos, Mimir or another Prometheus outside the region. */
  readonly url: string;
  /** A bearer token, from a Secret in the gateway's namespace. Absent: none is sent. */
  readonly bearerToken?: SecretKeyInput;
}

/** Logs and the audit log, collected from the nodes by an OpenTelemetry Collector, to where they are searched and to the bucket. */
export interface LogExportInput {
  /** Where they are searched. */
  readonly to: LokiInput | ElasticsearchInput;
  /** The role that may write to the bucket: `arn:aws:iam::...:role/...`. */
  readonly roleArn: string;
  /**
   * The collector's image, with the components of the contrib distribution.
   * @default docker.io/otel/opentelemetry-collector-contrib:0.155.0 (collectorImage)
   */
  readonly image?: string;
}

/** Loki, by its OTLP endpoint. */
export interface LokiInput {
  readonly loki: {
    /** Its address without a path, e.g. `http://loki-gateway.loki.svc`. */
    readonly url: string;
    /** Sent as `X-Scope-OrgID`. Absent: none, for a Loki of one tenant. */
    readonly tenant?: string;
  };
}

/** Elasticsearch, by its bulk interface. */
export interface ElasticsearchInput {
  readonly elasticsearch: {
    /** Its address without a path, e.g. `https://logs.example.com:9200`. */
    readonly url: string;
    /** An API key, from a Secret in the collector's namespace. Absent: none is sent. */
    readonly apiKey?: SecretKeyInput;
  };
}

/**
 * What must survive the loss of a region. The configuration itself is in Git, with the rendered manifests.
 *
 * @see docs/backup.md
 */
export interface BackupInput {
  /** For the copies. Those of a region go to the first bucket that lies in another one. */
  readonly buckets: readonly BucketInput[];
  /** Absent: no objects are backed up. */
  readonly objects?: ObjectBackupInput;
  /** Absent: secrets are not copied. */
  readonly secrets?: SecretBackupInput;
  /** Absent: samples stay where Prometheus is. */
  readonly metrics?: MetricsBackupInput;
  /** Absent: logs stay on the nodes, unless others collect them. */
  readonly logs?: LogExportInput;
}

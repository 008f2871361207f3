import { Construct } from 'constructs';
import { MetricsCopy } from '../backup/metrics-copy';
import { ObjectBackup } from '../backup/object-backup';
import { SecretBackup } from '../backup/secret-backup';
import { bucketFor, type Backup } from '../config/schema/backup';
import type { Environment } from '../config/schema/environment';
import { LogCollector } from '../logging/log-collector';
import type { AiGateway } from './ai-gateway';

export interface RegionCopiesProps {
  readonly environment: Environment;
  readonly backup: Backup;
  /** The region whose cluster this is. */
  readonly region: string;
  readonly gateway: Pick<AiGateway, 'workload' | 'secretName' | 'secretFiles'>;
}

/** What is copied out of one region, so that it can be lost. */
export class RegionCopies extends Construct {
  constructor(scope: Construct, id: string, { environment, backup, region, gateway }: RegionCopiesProps) {
    super(scope, id);
    const { workload, secretName, secretFiles } = gateway;
    const bucket = bucketFor(backup, region);
    if (backup.objects !== undefined) {
      new ObjectBackup(this, 'objects', {
        identity: workload,
        region,
        regions: Object.values(environment.regions).map((entry) => entry.region),
        buckets: backup.buckets,
        settings: backup.objects,
      });
    }
    if (backup.secrets !== undefined && secretName !== undefined && secretFiles.length > 0) {
      new SecretBackup(this, 'secrets', {
        identity: workload,
        region,
        storeRegion: bucket?.region,
        secretName,
        files: secretFiles,
        hasIssued: environment.secrets?.externalSecrets !== undefined,
        settings: backup.secrets,
      });
    }
    if (backup.metrics !== undefined) {
      new MetricsCopy(this, 'metrics', {
        workload,
        region,
        environment: environment.environment,
        monitoringNamespace: environment.network.monitoringNamespace,
        settings: backup.metrics,
      });
    }
    if (backup.logs !== undefined && bucket !== undefined) {
      new LogCollector(this, 'logs', {
        workload,
        region,
        environment: environment.environment,
        bucket,
        settings: backup.logs,
      });
    }
  }
}

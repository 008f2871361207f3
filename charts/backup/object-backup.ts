import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { bucketFor, type Backup, type Bucket, type ObjectBackup as Settings } from '../config/schema/backup';
import { copyPath } from '../kit/copy-path';
import { metadataOf, type Identity } from '../kit/identity';

export interface ObjectBackupProps {
  readonly identity: Identity;
  /** The region whose cluster this is. */
  readonly region: string;
  /** All that serve, that one included. */
  readonly regions: readonly string[];
  readonly buckets: Backup['buckets'];
  readonly settings: Settings;
}

/**
 * What a backup leaves out. Secrets: a bucket of backups would hold them in clear, and they have a copy of their own. The
 * rest is made anew by controllers, and restored it would only be in their way.
 */
const excluded = [
  'secrets',
  'pods',
  'replicasets.apps',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
];

/** Velero's schedule for the gateway's namespace, the place of its backups, and those of the regions that keep theirs here. */
export class ObjectBackup extends Construct {
  constructor(scope: Construct, id: string, props: ObjectBackupProps) {
    super(scope, id);
    const { region, regions, settings } = props;
    for (const other of regions) {
      const bucket = bucketFor(props, other);
      // Another region's backups are read where their bucket is: each by each would be thousands of places in a large fleet.
      if (bucket === undefined || (other !== region && bucket.region !== region)) continue;
      const location = locationOf(props, other, bucket, other === region ? 'ReadWrite' : 'ReadOnly');
      new ApiObject(this, `location-${other}`, location);
    }
    new ApiObject(this, 'schedule', {
      apiVersion: 'velero.io/v1',
      kind: 'Schedule',
      metadata: metadataIn(props),
      spec: {
        schedule: settings.schedule,
        // Deleting the schedule must not delete the backups with it.
        useOwnerReferencesInBackup: false,
        template: {
          includedNamespaces: [props.identity.namespace],
          excludedResources: excluded,
          // Nothing here has a volume that outlives its pod.
          snapshotVolumes: false,
          storageLocation: metadataIn(props, region).name,
          ttl: `${settings.retention.toHours()}h0m0s`,
        },
      },
    });
  }
}

function locationOf(
  props: ObjectBackupProps,
  of: string,
  bucket: Bucket,
  accessMode: 'ReadOnly' | 'ReadWrite',
) {
  return {
    apiVersion: 'velero.io/v1',
    kind: 'BackupStorageLocation',
    metadata: metadataIn(props, of),
    spec: {
      provider: 'aws',
      // A restored cluster must not write over the backups that it is restored from.
      accessMode,
      objectStorage: { bucket: bucket.name, prefix: copyPath(props.identity, 'objects', of) },
      config: { region: bucket.region },
    },
  };
}

/** Velero reads its objects in its own namespace only. */
function metadataIn({ identity, settings }: ObjectBackupProps, suffix?: string) {
  return metadataOf({ ...identity, namespace: settings.namespace }, suffix);
}

import { Construct } from 'constructs';
import { httpPaths } from '../../gateway-app/contract/paths';
import { HealthCheck } from '../../imports/healthcheck-route53.services.k8s.aws';
import { RecordSet } from '../../imports/recordset-route53.services.k8s.aws';
import type { FailoverSettings } from '../config/schema/regions';
import { metadataOf, type Identity } from '../kit/identity';

export interface Route53RegionProps {
  readonly identity: Identity;
  readonly region: string;
  readonly role: 'PRIMARY' | 'SECONDARY';
  readonly settings: FailoverSettings;
}

/** One region's health check, and the record that leads clients to it while it is healthy. */
export class Route53Region extends Construct {
  constructor(scope: Construct, id: string, { identity, region, role, settings }: Route53RegionProps) {
    super(scope, id);
    const regionalHost = `${region}.${settings.host}`;
    const metadata = metadataOf(identity, region);

    new HealthCheck(this, 'health-check', {
      metadata,
      spec: {
        healthCheckConfig: {
          type: 'HTTPS',
          // The region's own name: a check of the failover name would follow the record that it decides.
          fullyQualifiedDomainName: regionalHost,
          port: 443,
          resourcePath: httpPaths.ready,
          enableSni: true,
          requestInterval: settings.healthCheckInterval.toSeconds(),
          failureThreshold: settings.failureThreshold,
        },
      },
    });
    new RecordSet(this, 'record', {
      metadata,
      spec: {
        hostedZoneId: settings.hostedZone.id,
        // The controller appends the zone's domain itself.
        name: settings.host.slice(0, -`.${settings.hostedZone.domain}`.length),
        recordType: 'CNAME',
        setIdentifier: region,
        failover: role,
        healthCheckRef: { from: { name: metadata.name } },
        ttl: settings.recordTtl.toSeconds(),
        resourceRecords: [{ value: regionalHost }],
      },
    });
  }
}

import { Construct } from 'constructs';
import { httpPaths } from '../../gateway-app/contract/paths';
import {
  HealthCheck,
  type HealthCheckSpecHealthCheckConfig,
} from '../../imports/healthcheck-route53.services.k8s.aws';
import { RecordSet, type RecordSetSpec } from '../../imports/recordset-route53.services.k8s.aws';
import { regionalHost } from '../config/regional';
import type { Route53Settings } from '../config/schema/failover';
import type { Region } from '../config/schema/regions';
import { metadataOf, type Identity } from '../kit/identity';
import type { Destinations, FailoverEmitter } from './emitter';

export interface Route53Props extends Destinations {
  readonly settings: Route53Settings;
  readonly healthCheckIntervalSeconds: number;
  /** ARN of the routing control of a region; undefined where health checks decide. */
  readonly routingControlOf: (region: Region) => string | undefined;
}

/**
 * A health check for each region, and records that lead to the first region that is healthy.
 *
 * A name has one primary and one secondary record. From the third region on, the secondary is an alias of a further name
 * (`fallback-1.<host>`), which has a primary and a secondary of its own.
 */
export class Route53 implements FailoverEmitter {
  constructor(private readonly props: Route53Props) {}

  attachGlobally(scope: Construct, identity: Identity): void {
    for (const region of this.props.regions) {
      const place = new Construct(scope, region.region);
      new HealthCheck(place, 'health-check', {
        metadata: metadataOf(identity, region.region),
        spec: { healthCheckConfig: this.checkOf(region) },
      });
      new RecordSet(place, 'record', {
        metadata: metadataOf(identity, region.region),
        spec: {
          ...this.nameOf(this.levelOf(region)),
          setIdentifier: region.region,
          failover: region === this.last ? 'SECONDARY' : 'PRIMARY',
          healthCheckRef: { from: { name: metadataOf(identity, region.region).name } },
          ttl: this.props.settings.recordTtl.toSeconds(),
          resourceRecords: [{ value: this.hostOf(region) }],
        },
      });
    }
    for (let level = 1; level <= this.deepest; level += 1) {
      const suffix = `fallback-${level}`;
      new RecordSet(scope, suffix, {
        metadata: metadataOf(identity, suffix),
        spec: {
          ...this.nameOf(level - 1),
          setIdentifier: suffix,
          failover: 'SECONDARY',
          aliasTarget: {
            dnsName: this.fullNameOf(level),
            hostedZoneId: this.props.settings.hostedZone.id,
            // Else the alias counts as healthy also when every region behind it is down.
            evaluateTargetHealth: true,
          },
        },
      });
    }
  }

  private get last(): Region | undefined {
    return this.props.regions.at(-1);
  }

  private get deepest(): number {
    return this.props.regions.length - 2;
  }

  /** The last two regions share a name. */
  private levelOf(region: Region): number {
    return Math.min(this.props.regions.indexOf(region), this.deepest);
  }

  private fullNameOf(level: number): string {
    return level === 0 ? this.props.host : `fallback-${level}.${this.props.host}`;
  }

  private nameOf(level: number): Pick<RecordSetSpec, 'hostedZoneId' | 'name' | 'recordType'> {
    const { hostedZone } = this.props.settings;
    return {
      hostedZoneId: hostedZone.id,
      // The controller appends the zone's domain itself.
      name: this.fullNameOf(level).slice(0, -`.${hostedZone.domain}`.length),
      recordType: 'CNAME',
    };
  }

  private hostOf(region: Region): string {
    return regionalHost(this.props.host, region) ?? '';
  }

  private checkOf(region: Region): HealthCheckSpecHealthCheckConfig {
    const { settings, healthCheckIntervalSeconds, routingControlOf } = this.props;
    const routingControlArn = routingControlOf(region);
    if (routingControlArn !== undefined) return { type: 'RECOVERY_CONTROL', routingControlArn };
    return {
      type: 'HTTPS',
      // The region's own name: a check of the failover name would follow the record that it decides.
      fullyQualifiedDomainName: this.hostOf(region),
      port: 443,
      resourcePath: httpPaths.ready,
      enableSni: true,
      requestInterval: healthCheckIntervalSeconds,
      failureThreshold: settings.failureThreshold,
    };
  }
}

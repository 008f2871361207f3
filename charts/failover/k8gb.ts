import type { Construct } from 'constructs';
import { Gslb } from '../../imports/gslb-k8gb.io';
import type { K8gbSettings } from '../config/schema/failover';
import { metadataOf, type Identity } from '../kit/identity';
import type { Destinations, FailoverEmitter } from './emitter';

export interface K8gbProps extends Destinations {
  readonly settings: K8gbSettings;
}

const apiVersions = {
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  VirtualService: 'networking.istio.io/v1',
  Ingress: 'networking.k8s.io/v1',
  Service: 'v1',
} as const satisfies Record<K8gbSettings['route']['kind'], string>;

/** The same Gslb in each region's cluster: each k8gb answers for all of them, and asks the others for their addresses. */
export class K8gbGslb implements FailoverEmitter {
  constructor(private readonly props: K8gbProps) {}

  attachToRegion(scope: Construct, identity: Identity): void {
    const { host, regions, settings } = this.props;
    const { kind, name } = settings.route;
    new Gslb(scope, 'gslb', {
      metadata: {
        ...metadataOf(identity),
        // A Service knows no host.
        ...(kind === 'Service' ? { annotations: { 'k8gb.io/hostname': host } } : {}),
      },
      spec: {
        resourceRef: { apiVersion: apiVersions[kind], kind, name },
        strategy: {
          type: 'failover',
          primaryGeoTag: regions[0]?.region ?? '',
          dnsTtlSeconds: settings.recordTtl.toSeconds(),
        },
      },
    });
  }
}

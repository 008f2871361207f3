import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { defaults } from '../config/defaults';
import { byPriority } from '../config/regional';
import type { ArgoCdSettings } from '../config/schema/delivery';
import type { Environment } from '../config/schema/environment';
import { globalNamespace } from '../config/schema/regions';
import { ArgoCd, type DeliveredRegion } from '../delivery/argo-cd';
import type { Reach } from '../delivery/reach';
import { failoverOf } from '../failover/failover';
import { identityOf } from '../kit/identity';
import { GatewayNamespace } from '../workload/namespace';

/** What belongs to no region; applied to one cluster, whose controllers write to the cloud and to the regions. */
export class GlobalStack extends Chart {
  /** Whether the environment has anything of this kind. */
  static isNeeded(environment: Environment): boolean {
    return failoverOf(environment).attachGlobally !== undefined || environment.delivery.kind === 'argo-cd';
  }

  /** @param reachOf What a region's folder touches, by the region's name. */
  constructor(scope: Construct, id: string, environment: Environment, reachOf: (region: string) => Reach) {
    super(scope, id);
    const failover = failoverOf(environment);
    if (failover.attachGlobally !== undefined) {
      // Not that of a region: the cluster may be one, and deleting this folder would delete the gateway that serves.
      const identity = globalIdentity(environment, globalNamespace(environment.namespace));
      new GatewayNamespace(this, 'namespace', identity);
      failover.attachGlobally(this, identity);
    }
    const { delivery, namespace } = environment;
    if (delivery.kind === 'argo-cd') {
      new ArgoCd(this, 'delivery', {
        identity: globalIdentity(environment, delivery.namespace, delivery.name ?? namespace),
        settings: delivery,
        namespace,
        regions: deliveredRegions(environment, delivery, reachOf),
      });
    }
  }
}

function globalIdentity(environment: Environment, namespace: string, name: string = defaults.name) {
  return identityOf({ ...environment, namespace, name, version: environment.image.tag });
}

/** Whoever stands by goes first: a bad version is seen where no client is. */
function deliveredRegions(
  { regions }: Environment,
  { clusters }: ArgoCdSettings,
  reachOf: (region: string) => Reach,
): DeliveredRegion[] {
  const clusterOf = new Map(
    Object.entries(regions).map(([key, { region }]) => [region, clusters[key] ?? '']),
  );
  return byPriority(regions)
    .reverse()
    .map(({ region }) => ({ region, cluster: clusterOf.get(region) ?? '', reach: reachOf(region) }));
}

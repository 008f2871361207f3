import { byPriority } from '../config/regional';
import type { FailoverSettings } from '../config/schema/failover';
import type { Region } from '../config/schema/regions';
import type { FailoverEmitter } from './emitter';
import { K8gbGslb } from './k8gb';
import { Route53 } from './route53';

export interface FailingOver {
  readonly host?: string | undefined;
  readonly regions: Readonly<Record<string, Region>>;
  readonly failover?: FailoverSettings | undefined;
}

/** What writes the objects that an environment's failover asks for. */
export function failoverOf({ host, regions, failover }: FailingOver): FailoverEmitter {
  if (failover?.enabled !== true || failover.by === undefined || host === undefined) return {};
  const destinations = { host, regions: byPriority(regions) };
  const settings = failover.by;
  switch (settings.kind) {
    case 'none':
      return {};
    case 'k8gb':
      return new K8gbGslb({ ...destinations, settings });
    case 'route53':
      return new Route53({
        ...destinations,
        settings,
        healthCheckIntervalSeconds: failover.healthCheckInterval.toSeconds(),
        routingControlOf: (region) => {
          const key = Object.keys(regions).find((candidate) => regions[candidate] === region);
          return key === undefined ? undefined : settings.routingControls?.[key];
        },
      });
  }
}

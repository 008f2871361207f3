import type { Environment } from '../config/schema/environment';
import type { Promises } from '../config/schema/promises';
import { byPriority } from '../config/regional';
import type { Region } from '../config/schema/regions';
import { type PromiseCheck, percent } from './check';
import type { Load } from './load';
import { keyOf, maxReplicasOf, placeOf } from './load-checks';
import { replicasToKeep, survivors } from './zones';

export function zoneLoss(environment: Environment, { lostZones }: Promises, load: Load): PromiseCheck[] {
  if (lostZones === 0) return [];
  const regions = byPriority(environment.regions);
  return [
    ...regions.map((region) => atRest(environment, region, lostZones)),
    ...regions.map((region) => atPeak(environment, region, lostZones, load)),
  ];
}

/** With the fewest pods that the autoscaler ever leaves. */
function atRest(environment: Environment, region: Region, lostZones: number): PromiseCheck {
  const { replicas, zones } = region;
  const left = survivors({ replicas, zones, lostZones });
  const why = replicas < zones ? ', since fewer pods than zones may all stand in one' : '';
  return {
    id: 'zone-loss',
    regions: [region.region],
    holds: left > 0,
    figures: `of ${replicas} pods in ${zones} zones, ${left} surely ${left === 1 ? 'serves' : 'serve'} on when ${lost(lostZones)}${why}`,
    ...(left === 0 && { change: restChange(environment, region, lostZones) }),
  };
}

function restChange(environment: Environment, region: Region, lostZones: number): string {
  const key = keyOf(environment, region);
  if (lostZones >= region.zones) return `more zones for the nodes, and regions.${key}.zones`;
  return `regions.${key}.replicas: ${region.zones}`;
}

/** With as many pods as the load asks for: those that are lost are replaced, but until then the others bear it. */
function atPeak(environment: Environment, region: Region, lostZones: number, load: Load): PromiseCheck {
  const { zones } = region;
  const most = maxReplicasOf(environment, region);
  const left = survivors({ replicas: most, zones, lostZones });
  const enough = enoughAtPeak(environment, region, lostZones, load);
  return {
    id: 'zone-loss-at-peak',
    regions: [region.region],
    holds: left >= load.pods,
    figures: `of ${most} pods at most in ${zones} zones, ${left} are left when ${lost(lostZones)}, for ${percent(Math.min(1, left / load.pods))} of the load`,
    ...(left < load.pods && {
      change:
        enough === undefined
          ? `more zones for the nodes, and regions.${keyOf(environment, region)}.zones`
          : `${placeOf(environment, region)}: ${enough}`,
    }),
  };
}

/** Where regions share a maximum, the one that needs most decides: else mending one would break another. */
function enoughAtPeak(
  { regions }: Environment,
  region: Region,
  lostZones: number,
  load: Load,
): number | undefined {
  const sharing =
    region.maxReplicas === undefined
      ? Object.values(regions).filter(({ maxReplicas }) => maxReplicas === undefined)
      : [region];
  const own = replicasToKeep(load.pods, { zones: region.zones, lostZones });
  if (own === undefined) return undefined;
  return Math.max(...sharing.map(({ zones }) => replicasToKeep(load.pods, { zones, lostZones }) ?? 0));
}

function lost(zones: number): string {
  return zones === 1 ? 'a zone is lost' : `${zones} zones are lost`;
}

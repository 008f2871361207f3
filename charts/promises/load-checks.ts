import type { Environment } from '../config/schema/environment';
import { byPriority } from '../config/regional';
import type { Region } from '../config/schema/regions';
import { type PromiseCheck, grouped, percent, rounded } from './check';
import type { Load } from './load';

export function limitsAdmitLoad(
  { config: { limits } }: Environment,
  { requestsPerSecond, openStreams }: Load,
): PromiseCheck {
  const short = [
    tooLow('requestsPerSecond', limits.global?.requestsPerSecond, requestsPerSecond),
    tooLow('concurrentStreams', limits.global?.concurrentStreams, openStreams),
  ].filter((fault) => fault !== undefined);
  return {
    id: 'limits-admit-load',
    regions: [],
    holds: short.length === 0,
    figures: `${grouped(requestsPerSecond)} requests/s keep ${grouped(openStreams)} streams open; config.limits.global admits ${admitted(limits.global)}`,
    ...(short.length > 0 && { change: short.join(', ') }),
  };
}

function tooLow(name: string, limit: number | undefined, needed: number): string | undefined {
  return limit === undefined || limit >= needed
    ? undefined
    : `config.limits.global.${name}: ${Math.ceil(needed)}`;
}

function admitted(limits: Environment['config']['limits']['global']): string {
  const { requestsPerSecond, concurrentStreams } = limits ?? {};
  const parts = [
    ...(requestsPerSecond === undefined ? [] : [`${grouped(requestsPerSecond)} requests/s`]),
    ...(concurrentStreams === undefined ? [] : [`${grouped(concurrentStreams)} streams`]),
  ];
  return parts.length === 0 ? 'any number' : parts.join(' and ');
}

export function loadInOneRegion(environment: Environment, load: Load): PromiseCheck[] {
  return byPriority(environment.regions).map((region) => {
    const most = maxReplicasOf(environment, region);
    const figures = `${grouped(load.chunksPerSecond)} chunks/s and ${grouped(load.requestsPerSecond)} requests/s take ${rounded(load.cores)} cores, which is ${load.pods} pods with ${percent(load.coresPerPod)} of a core each; there are ${most} at most, for ${percent(Math.min(1, most / load.pods))} of the load`;
    return {
      id: 'load-in-one-region',
      regions: [region.region],
      holds: most >= load.pods,
      figures,
      ...(most < load.pods && { change: `${placeOf(environment, region)}: ${load.pods}` }),
    };
  });
}

export function maxReplicasOf({ autoscaling }: Environment, region: Region): number {
  return region.maxReplicas ?? autoscaling.maxReplicas;
}

/** Where the maximum of a region is stated. */
export function placeOf(environment: Environment, region: Region): string {
  return region.maxReplicas === undefined
    ? 'autoscaling.maxReplicas'
    : `regions.${keyOf(environment, region)}.maxReplicas`;
}

export function keyOf({ regions }: Environment, region: Region): string {
  return Object.keys(regions).find((key) => regions[key] === region) ?? '';
}

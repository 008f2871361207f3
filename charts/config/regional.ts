import type { ClusterConfig } from './schema/cluster-config';
import type { Region } from './schema/regions';

/** The name that a region answers to, whichever region the clients are sent to. Undefined where none is known. */
export function regionalHost(
  host: string | undefined,
  region: Pick<Region, 'region' | 'host'>,
): string | undefined {
  return region.host ?? (host === undefined ? undefined : `${region.region}.${host}`);
}

/** The gateway's configuration with the addresses of one region. */
export function regionalConfig(config: ClusterConfig, { config: overlay }: Region): ClusterConfig {
  return {
    ...config,
    store: overlay.store ?? config.store,
    providers: config.providers.map((provider) => ({ ...provider, ...overlay.providers[provider.name] })),
  };
}

/** Regions by priority, the one that serves first. */
export function byPriority(regions: Readonly<Record<string, Region>>): Region[] {
  return Object.values(regions).sort((a, b) => b.priority - a.priority);
}

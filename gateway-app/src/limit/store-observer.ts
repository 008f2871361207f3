import type { StoreObserver } from '../stores/redis-store';
import type { Logger } from '../telemetry/logger';
import type { Registry } from '../telemetry/registry';

/** Puts what the store tells into metrics and log. */
export function storeObserver({ families }: Registry, logger: Logger): StoreObserver {
  const active = families.storeFallbackActive.series({});
  const decisions = families.storeFallbackDecisions.series({});
  const replicas = families.storeReplicas.series({});
  return {
    onShared: () => {
      active.value = 0;
      logger.info('Redis decides on the limits');
    },
    onLocal: (reason) => {
      active.value = 1;
      logger.warn({ reason }, 'Redis is away: this replica decides on its share of the limits');
    },
    onLocalDecision: () => {
      decisions.increment();
    },
    onReplicas: (count) => {
      replicas.value = count;
    },
  };
}

import type { Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import type { ManagedStoreInput, StoreInput } from './schema/store';
import type { ImageInput } from './types';

/** A small Redis or Valkey beside the gateway. */
export interface InClusterStoreInput {
  /** An image of Redis 6 or newer, or of Valkey, that has `sh`, `redis-server` and `redis-cli`. */
  readonly image: ImageInput;
  /** File of the gateway's Secret with the password; both sides read it. Without one, whoever reaches it lifts limits. */
  readonly passwordFile: string;
  /** CPU time that it reserves, and its limit. Each request costs it one call. @default 500m (storeCpu) */
  readonly cpu?: Cpu | undefined;
  /** Memory that it reserves, and its limit; counters get three quarters. @default 256Mi (storeMemory) */
  readonly memory?: Size | undefined;
}

/** Where limits are counted: the value of `config.store`. Values are checked where they are used, all at once. */
export const Store = {
  /** In each process. For a single replica, or where no limits are set: several would each admit the whole of them. */
  memory: (): StoreInput => ({ kind: 'memory' }),

  /** In a Redis or Valkey that somebody else runs: a managed one, or a team's own. */
  managed: (input: Omit<ManagedStoreInput, 'kind'>): StoreInput => ({ kind: 'redis', ...input }),

  /**
   * In a Redis or Valkey of the gateway's own, which only its pods reach. Counters outlive a restart of its container, and
   * no more than that: with a new pod, the day's budgets begin again but for what the replicas themselves remember.
   */
  inCluster: (input: InClusterStoreInput): StoreInput => ({ kind: 'in-cluster', ...input }),
};

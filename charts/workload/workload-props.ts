import type { LogLevel } from '../../gateway-app/contract/env';
import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';
import type { Resources } from '../config/schema/gateway';
import type { ImageInput } from '../config/types';
import type { EntryEffects } from '../kit/entry-effects';
import type { Identity } from '../kit/identity';

/** The workload's own part of a gateway; everything is validated and complete. */
export interface WorkloadProps {
  readonly identity: Identity;
  readonly image: ImageInput;
  readonly logLevel: LogLevel;
  readonly resources: Resources;
  /** The gateway's runtime configuration. Running pods pick up a change, but for `store` and `audit.sink`. */
  readonly config: RuntimeConfig;
  /** Secret of which each key becomes a file. Absent: no secrets are mounted. */
  readonly secretName?: string | undefined;
  /** Pods that the Deployment states. Absent: an autoscaler owns the number. */
  readonly replicas?: number | undefined;
  /** Pods at any time, by whoever owns the number; the spread over zones depends on it. */
  readonly minReplicas: number;
  /** Zones that the nodes stand in. */
  readonly zones: number;
  /** What the entry puts on each pod. */
  readonly pod: EntryEffects['pod'];
}

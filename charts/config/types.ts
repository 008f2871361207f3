import type { Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import type { LogLevel } from '../../gateway-app/contract/env';
import type { DeliveryInput } from './delivery';
import type { Entry } from './entry';
import type { BackupInput } from './backup-types';
import type { ExceptionId } from './exceptions';
import type { AutoscalingInput } from './autoscaling-types';
import type { MonitoringInput } from './monitoring-types';
import type { NetworkInput } from './network-types';
import type { PromisesInput } from './promise-types';
import type { FailoverInput, RegionInput } from './region-types';
import type { ClusterConfigInput } from './schema/cluster-config';
import type { SecretsInput } from './secrets-types';

export type * from './autoscaling-types';
export type * from './backup-types';
export type * from './monitoring-types';
export type * from './network-types';
export type * from './promise-types';
export type * from './region-types';
export type * from './secrets-types';

/**
 * The container image. Written in parts, so that a digest can be demanded and a registry be exchanged.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/
 */
export interface ImageInput {
  /** Host of the registry, with its port if it has one. Absent: the node's default registry. */
  readonly registry?: string | undefined;
  /** Path of the image in the registry, e.g. `team/api-gateway`. */
  readonly repository: string;
  /** Version for people. `latest` is refused, because no two pulls of it need to be the same. */
  readonly tag: string;
  /**
   * `sha256:` and 64 hexadecimal digits: what the node pulls. Absent: the tag decides, which whoever may push it can
   * move; that needs the exception `image-unreleased`.
   */
  readonly digest?: string | undefined;
}

/** What the scheduler reserves and what the kernel allows. A request above its limit is refused. */
export interface ResourcesInput {
  /** CPU time. */
  readonly cpu?: {
    /** @default 500m (cpuRequest) */
    readonly request?: Cpu;
    /** Above it the container is throttled. @default 2000m (cpuLimit) */
    readonly limit?: Cpu;
  };
  /** Resident memory. */
  readonly memory?: {
    /** Below the limit it needs the exception `memory-request-equals-limit`. @default 2Gi (memoryRequest) */
    readonly request?: Size;
    /** Above it the container is killed. @default 2Gi (memoryLimit) */
    readonly limit?: Size;
  };
  /** Logs and the temporary directory on the node's disk. */
  readonly ephemeralStorage?: {
    /** @default 64Mi (ephemeralStorageRequest) */
    readonly request?: Size;
    /** Above it the pod is evicted; also the bound of the temporary directory. @default 256Mi (ephemeralStorageLimit) */
    readonly limit?: Size;
  };
}

/**
 * A rule of the policy knowingly broken. Every synth prints it. After its last day it still holds for a synth, as a
 * warning, and no longer for `npm run policy -- --strict`.
 *
 * @see docs/policy.md
 */
export interface ExceptionInput {
  /**
   * The check that may be broken, or `image-unreleased`: no release has been built yet, so the image has neither a
   * digest nor a registry.
   */
  readonly id: ExceptionId;
  /** Why, for whoever reads the report. */
  readonly reason: string;
  /** Last day, `YYYY-MM-DD` in UTC. */
  readonly expires: string;
  /** The one object that may break it, in each region. Absent: any. */
  readonly object?: { readonly kind: string; readonly name: string } | undefined;
}

/**
 * Everything that differs between one deployment of the gateway and another: what a file in
 * `charts/config/environments` exports. Pure data and unit types (`Duration`, `Size`, `Cpu`).
 */
export interface EnvironmentInput {
  /** Name of the environment; label `environment` of every object. */
  readonly environment: string;
  /** Who answers for it; label `owner` of every object. */
  readonly owner: string;
  /** Where the gateway lives, and nothing else. @default ai-gateway (namespace) */
  readonly namespace?: string;
  /** What runs. */
  readonly image: ImageInput;
  /** Rules knowingly broken. Absent: none. */
  readonly exceptions?: readonly ExceptionInput[];
  /** Registries that images may come from, e.g. `registry.example.com:5000`. Absent: any that the image names. */
  readonly imageRegistries?: readonly string[];
  /** `LOG_LEVEL` of the process. @default info (logLevel) */
  readonly logLevel?: LogLevel;
  /** Absent: the defaults of each. */
  readonly resources?: ResourcesInput;
  /** The minimum is each region's `replicas`. */
  readonly autoscaling?: AutoscalingInput;
  /** Absent: the defaults of each. */
  readonly network?: NetworkInput;
  /** Where requests enter each cluster. Absent: `Entry.none()`. */
  readonly entry?: Entry;
  /** Absent: the defaults of each. */
  readonly monitoring?: MonitoringInput;
  /** Absent: none; a configuration that names a secret's file is refused then. */
  readonly secrets?: SecretsInput;
  /**
   * The name that clients use. Each region answers to `<region>.<host>` as well, which is what is checked. Absent: the
   * clients know the regions by names of their own, and nothing can fail over.
   */
  readonly host?: string;
  /** The clusters, by the part they play, e.g. `primary`. What all share stands beside them, what differs in them. */
  readonly regions: Readonly<Record<string, RegionInput>>;
  /** How clients are moved between them. Absent: not at all. */
  readonly failover?: FailoverInput;
  /** What all of it is to bear. Absent: nothing is computed but what the objectives and the failover cost. */
  readonly promises?: PromisesInput;
  /** What is copied out of each region. Absent: nothing. */
  readonly backup?: BackupInput;
  /** Who applies the regions' folders. Absent: `Delivery.none()`. */
  readonly delivery?: DeliveryInput;
  /**
   * The gateway's runtime configuration: providers, models, tenants, limits, their store. `store.maxReplicas` is filled
   * in from `autoscaling`, and nothing that it states need be opened, mounted or told again.
   */
  readonly config: ClusterConfigInput;
}

import type { Duration, Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import type { LogLevel } from '../../gateway-app/contract/env';
import type { ExceptionId } from './exceptions';
import type { MonitoringInput } from './monitoring-types';
import type { ClusterConfigInput } from './schema/cluster-config';

export type * from './monitoring-types';

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

/** Pods follow CPU. Memory is no signal here: it grows with use and hardly shrinks, so pods would only be added. */
export interface CpuAutoscalingInput {
  /** Pods at any time, 1 or more. @default 2 (minReplicas) */
  readonly minReplicas?: number;
  /** Pods at most, not below `minReplicas`. @default 20 (maxReplicas) */
  readonly maxReplicas?: number;
  /** Share of the gateway container's CPU request to aim at, 1 to 100 percent. @default 70 (targetCpuPercent) */
  readonly targetCpuPercent?: number;
}

/** One destination that the gateway may open connections to. */
export type EgressInput = NamespaceEgressInput | CidrEgressInput;

/** The pods of a namespace of this cluster. */
export interface NamespaceEgressInput {
  /** Its name, as the label `kubernetes.io/metadata.name` has it. */
  readonly namespace: string;
  /** TCP port of the pods. Not of their Service: a NetworkPolicy is judged after the Service's translation. */
  readonly port: number;
}

/** An address block, e.g. of a private model server: a NetworkPolicy knows no host names. */
export interface CidrEgressInput {
  /** IPv4 block, e.g. `10.20.0.0/16`. */
  readonly cidr: string;
  /** TCP port. */
  readonly port: number;
}

/** Who may talk to the gateway, and whom it may talk to. Everything else is denied in both directions. */
export interface NetworkInput {
  /** Namespace whose pods bring the clients' requests. @default istio-system (ingressNamespace) */
  readonly ingressNamespace?: string;
  /** Namespace of Prometheus: the only one that reaches the admin port. @default monitoring (monitoringNamespace) */
  readonly monitoringNamespace?: string;
  /**
   * Destinations besides DNS, the providers and the store. Those are opened by the configuration, on the ports that it
   * names. Two of them need an entry all the same: a Service whose `targetPort` is another port, since a NetworkPolicy is
   * judged by the port of the pod, and a private address known by a host name outside this cluster. Absent: no others.
   */
  readonly egress?: readonly EgressInput[];
}

/** Credentials of the providers and the store, and the operators' token. */
export interface SecretsInput {
  /** Name of a Secret in the gateway's namespace, made by someone else. Each of its keys becomes a file. */
  readonly existing: string;
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

/** One cluster that serves. */
export interface RegionInput {
  /** The cloud's name of it, e.g. `us-east-1`; also the folder of its manifests. */
  readonly region: string;
  /** Pods at any time: the autoscaler's minimum. */
  readonly replicas: number;
  /** The region with the highest priority serves while it is healthy. No two are equal. */
  readonly priority: number;
}

/** How clients are moved to the other region: DNS failover records in Route 53, written by its ACK controller. */
export interface FailoverInput {
  /** `false`: no records are written. `true` needs exactly two regions. */
  readonly enabled: boolean;
  /** Between two checks of a region. Route 53 knows 10 and 30 seconds. @default 10 seconds (healthCheckInterval) */
  readonly healthCheckInterval?: Duration;
  /** Move without a person. Must be `true` where failover is enabled: no other way is built yet. */
  readonly autoFailover: boolean;
  /** Wait for a person. Must be `false`: it needs a routing control, which is not built yet. */
  readonly manualApproval: boolean;
  /** The name that clients use. Each region answers to `<region>.<host>` as well, which is what is checked. */
  readonly host: string;
  /** The Route 53 zone that holds the host. */
  readonly hostedZone: {
    /** Its domain, e.g. `example.com`. */
    readonly domain: string;
    /** Its id, `Z` and capital letters or digits. */
    readonly id: string;
  };
  /** Failed checks in a row until a region counts as down, 1 to 10. @default 3 (failureThreshold) */
  readonly failureThreshold?: number;
  /** How long a resolver keeps the answer. @default 1 minute (recordTtl) */
  readonly recordTtl?: Duration;
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
  readonly autoscaling?: Omit<CpuAutoscalingInput, 'minReplicas'>;
  /** Absent: the defaults of each. */
  readonly network?: NetworkInput;
  /** Absent: the defaults of each. */
  readonly monitoring?: MonitoringInput;
  /** Absent: none; a configuration that names a secret's file is refused then. */
  readonly secrets?: SecretsInput;
  /** The clusters, by the part they play, e.g. `primary`. */
  readonly regions: Readonly<Record<string, RegionInput>>;
  /** How clients are moved between them. Absent: not at all. */
  readonly failover?: FailoverInput;
  /**
   * The gateway's runtime configuration: providers, models, tenants, limits, their store. `store.maxReplicas` is filled
   * in from `autoscaling`, and nothing that it states need be opened, mounted or told again.
   */
  readonly config: ClusterConfigInput;
}

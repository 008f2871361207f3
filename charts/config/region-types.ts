import type { Duration } from 'cdk8s';
import type { ApprovedRoute53, AutomaticRoute53, K8gb, NoEmitter } from './failover';
import type { EgressInput } from './network-types';
import type { StoreInput } from './schema/store';

/** One cluster that serves. What it does not state, the environment states for all of them. */
export interface RegionInput {
  /** The cloud's name of it, e.g. `us-east-1`; also the folder of its manifests. */
  readonly region: string;
  /** Pods at any time: the autoscaler's minimum. */
  readonly replicas: number;
  /** The region with the highest priority serves while it is healthy. No two are equal. */
  readonly priority: number;
  /** Pods at most. Absent: `autoscaling.maxReplicas`. */
  readonly maxReplicas?: number;
  /** Zones that its nodes stand in, 1 to 10. One: pods are spread over nodes alone. @default 3 (zones) */
  readonly zones?: number;
  /** The name that it answers to, whichever region the clients are sent to. Absent: `<region>.<host>`. */
  readonly host?: string;
  /** Labels of each of its objects, besides the gateway's own. Absent: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Destinations besides `network.egress`, e.g. the address block of its store. Absent: none. */
  readonly egress?: readonly EgressInput[];
  /** What differs in the gateway's configuration. Absent: nothing. */
  readonly config?: RegionConfigInput;
}

/** What may differ in the gateway's configuration: addresses. Models, tenants and limits are the same wherever a client lands. */
export interface RegionConfigInput {
  /** In the place of `config.store`, as a whole. */
  readonly store?: StoreInput;
  /** Another address for providers of `config.providers`, by their names. */
  readonly providers?: Readonly<Record<string, { readonly baseUrl: string }>>;
}

/** How clients are moved to another region, and who moves them. */
export type FailoverInput = DisabledFailoverInput | AutomaticFailoverInput | ApprovedFailoverInput;

interface FailoverBase {
  /** Between two checks of a region. Route 53 knows 10 and 30 seconds. @default 10 seconds (healthCheckInterval) */
  readonly healthCheckInterval?: Duration;
}

/** The regions stand side by side, and nothing leads from one to another. */
export interface DisabledFailoverInput extends FailoverBase {
  readonly enabled: false;
  /** Without meaning while failover is disabled. */
  readonly autoFailover: boolean;
  /** Without meaning while failover is disabled. */
  readonly manualApproval: boolean;
  /** Who would move them. Absent: nobody. */
  readonly by?: AutomaticRoute53 | ApprovedRoute53 | K8gb | NoEmitter;
}

/** Clients are moved without a person. Needs two regions or more, and `host`. */
export interface AutomaticFailoverInput extends FailoverBase {
  readonly enabled: true;
  /** Move without a person. */
  readonly autoFailover: true;
  readonly manualApproval: false;
  /** Who moves them. */
  readonly by: AutomaticRoute53 | K8gb | NoEmitter;
}

/** Clients are moved when a person turns a routing control. Needs two regions or more, and `host`. */
export interface ApprovedFailoverInput extends FailoverBase {
  readonly enabled: true;
  readonly autoFailover: false;
  /** Wait for a person. */
  readonly manualApproval: true;
  /** Who moves them: only Route 53 has routing controls. */
  readonly by: ApprovedRoute53;
}

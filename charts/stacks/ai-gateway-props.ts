import type { LogLevel } from '../../gateway-app/contract/env';
import type { Autoscaling } from '../autoscaling/autoscaling';
import type { Entry } from '../config/entry';
import type { ExceptionInput, ImageInput, ResourcesInput } from '../config/types';
import type { ClusterConfigInput } from '../config/schema/cluster-config';
import type { Monitoring } from '../monitoring/monitoring';
import type { Network } from '../network/network';
import type { Secrets } from '../secrets/secrets';

/** One gateway in one cluster. */
export interface AiGatewayProps {
  /**
   * Name of every object, and what its pods are selected by: changing it makes a second gateway. Up to 50 characters.
   * @default ai-gateway (name)
   */
  readonly name?: string;
  /** Where it lives, and nothing else. The namespace is made here. @default ai-gateway (namespace) */
  readonly namespace?: string;
  /**
   * Name of the cluster's region, e.g. `us-east-1`: label `region` of every series, recording and alert, and in every
   * line of the log, so that two regions are told apart where they are looked at together. Absent: no such label.
   */
  readonly region?: string | undefined;
  /** Name of the environment; label `environment` of every object. */
  readonly environment: string;
  /** Who answers for it; label `owner` of every object. */
  readonly owner: string;
  /** Labels of every object, besides the gateway's own. Absent: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Zones that the cluster's nodes stand in, 1 to 10: from as many pods on, each zone has one. @default 3 (zones) */
  readonly zones?: number;
  /**
   * Names by which clients reach it through its entry, e.g. `gateway.example.com`. An entry needs one; without an entry they
   * say nothing. Absent: none.
   */
  readonly hosts?: readonly string[];
  /** What runs. */
  readonly image: ImageInput;
  /** Rules knowingly broken. Absent: none. */
  readonly exceptions?: readonly ExceptionInput[];
  /** `LOG_LEVEL` of the process. @default info (logLevel) */
  readonly logLevel?: LogLevel;
  /** What the scheduler reserves and the kernel allows. Absent: the defaults of each. */
  readonly resources?: ResourcesInput;
  /**
   * The gateway's runtime configuration: providers, models, tenants, limits, their store. `store.maxReplicas` is filled
   * in from `autoscaling`, and nothing that it states need be opened, mounted or told again.
   */
  readonly config: ClusterConfigInput;
  /** How many pods run. Absent: `Autoscaling.cpu()`. */
  readonly autoscaling?: Autoscaling;
  /** Who reaches it and whom it reaches. Absent: `Network.policies()`. */
  readonly network?: Network;
  /** Where requests enter. Its `host` must be given here. Absent: `Entry.none()`. */
  readonly entry?: Entry;
  /** Who watches it. Absent: `Monitoring.prometheus()`. */
  readonly monitoring?: Monitoring;
  /** Where the files of its secrets come from. Absent: `Secrets.none()`. */
  readonly secrets?: Secrets;
}

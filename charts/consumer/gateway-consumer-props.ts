import type { ApiObject } from 'cdk8s';
import type { Workload } from 'cdk8s-plus-28';
import type { ConsumerEgress, ConsumerKeyInput, ConsumerRoute } from '../config/consumer-types';
import type { ModelOf, TenantOf } from '../config/define-environment';
import type { EnvironmentInput } from '../config/types';

/** What lets one workload use the gateway. */
export interface GatewayConsumerProps<Input extends EnvironmentInput, Tenant extends TenantOf<Input>> {
  /** The gateway's environment. Made by `defineEnvironment`, a tenant or model that it does not have is a compile error. */
  readonly environment: Input;
  /** The tenant that the workload asks as: who is billed and limited. */
  readonly tenant: Tenant;
  /**
   * Environment variables that name a model, e.g. `{ CHAT_MODEL: 'gpt-4o-mini' }`: so the program is told only of models that
   * its tenant may use. Absent: none.
   */
  readonly models?: Readonly<Record<string, ModelOf<Input, Tenant>>>;
  /**
   * The workload: a Deployment, StatefulSet, DaemonSet or Job of cdk8s-plus, or any object with a pod template. It is given a volume,
   * a mount and variables, and must have a namespace.
   */
  readonly workload: Workload | ApiObject;
  /** Name of the container that asks. Absent: the only one. */
  readonly container?: string;
  /** Where the tenant's key comes from. */
  readonly key: ConsumerKeyInput;
  /** The way to the gateway. */
  readonly route: ConsumerRoute;
  /** How the workload's egress is closed. */
  readonly egress: ConsumerEgress;
}

import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { defaults } from '../config/defaults';
import type { Environment } from '../config/schema/environment';
import { globalNamespace } from '../config/schema/regions';
import { failoverOf } from '../failover/failover';
import { identityOf } from '../kit/identity';
import { GatewayNamespace } from '../workload/namespace';

/** What belongs to no region; applied to one cluster, whose controllers write to the cloud. */
export class GlobalStack extends Chart {
  /** Whether the environment has anything of this kind. */
  static isNeeded(environment: Environment): boolean {
    return failoverOf(environment).attachGlobally !== undefined;
  }

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const identity = identityOf({
      ...environment,
      // Not that of a region: the cluster may be one, and deleting this folder would delete the gateway that serves.
      namespace: globalNamespace(environment.namespace),
      name: defaults.name,
      version: environment.image.tag,
    });
    new GatewayNamespace(this, 'namespace', identity);
    failoverOf(environment).attachGlobally?.(this, identity);
  }
}

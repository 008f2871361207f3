import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { defaults } from '../config/defaults';
import type { Environment } from '../config/schema/environment';
import { globalNamespace, type FailoverSettings } from '../config/schema/regions';
import { Failover } from '../failover/failover';
import { identityOf } from '../kit/identity';
import { GatewayNamespace } from '../workload/namespace';

/** An environment that fails over. */
export interface GlobalEnvironment extends Environment {
  readonly failover: FailoverSettings;
}

/** What belongs to no region; applied to one cluster, whose controllers write to the cloud. */
export class GlobalStack extends Chart {
  constructor(scope: Construct, id: string, environment: GlobalEnvironment) {
    super(scope, id);
    const identity = identityOf({
      ...environment,
      // Not that of a region: the cluster may be one, and deleting this folder would delete the gateway that serves.
      namespace: globalNamespace(environment.namespace),
      name: defaults.name,
      version: environment.image.tag,
    });
    new GatewayNamespace(this, 'namespace', identity);
    Failover.route53(environment.failover).attach(this, identity, Object.values(environment.regions));
  }
}

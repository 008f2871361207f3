import { regionalConfig } from './regional';
import type { Environment } from './schema/environment';
import type { Region } from './schema/regions';

/** The environment as one region has it: what all share, with what differs there laid over it. */
export function regionalEnvironment(environment: Environment, region: Region): Environment {
  const { autoscaling, network, config } = environment;
  return {
    ...environment,
    autoscaling: { ...autoscaling, maxReplicas: region.maxReplicas ?? autoscaling.maxReplicas },
    network: { ...network, egress: [...network.egress, ...region.egress] },
    config: regionalConfig(config, region),
  };
}

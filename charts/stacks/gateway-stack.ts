import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Autoscaling } from '../autoscaling/autoscaling';
import type { Environment } from '../config/schema/environment';
import type { Region } from '../config/schema/regions';
import { Monitoring } from '../monitoring/monitoring';
import { Network } from '../network/network';
import { Secrets } from '../secrets/secrets';
import { AiGateway } from './ai-gateway';

/** Everything that one region's cluster holds. */
export class GatewayStack extends Chart {
  constructor(scope: Construct, id: string, environment: Environment, { replicas }: Region) {
    super(scope, id);
    const { autoscaling, network, monitoring, secrets } = environment;
    new AiGateway(this, 'gateway', {
      namespace: environment.namespace,
      environment: environment.environment,
      owner: environment.owner,
      image: environment.image,
      exceptions: environment.exceptions,
      logLevel: environment.logLevel,
      resources: environment.resources,
      config: environment.config,
      autoscaling: Autoscaling.cpu({ ...autoscaling, minReplicas: replicas }),
      network: Network.policies(network),
      monitoring: Monitoring.prometheusOperator(monitoring),
      secrets: secrets === undefined ? Secrets.none() : Secrets.existing(secrets.existing),
    });
  }
}

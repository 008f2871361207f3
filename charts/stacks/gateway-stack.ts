import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Autoscaling } from '../autoscaling/autoscaling';
import { regionalHost } from '../config/regional';
import { regionalEnvironment } from '../config/regional-environment';
import type { Environment } from '../config/schema/environment';
import type { Region } from '../config/schema/regions';
import { keepNamespaces } from '../delivery/keep-namespaces';
import { failoverOf } from '../failover/failover';
import { Monitoring } from '../monitoring/monitoring';
import { Network } from '../network/network';
import { AiGateway } from './ai-gateway';
import { regionalSecrets } from './regional-secrets';
import { RegionCopies } from './region-copies';

/** Everything that one region's cluster holds. */
export class GatewayStack extends Chart {
  constructor(scope: Construct, id: string, shared: Environment, region: Region) {
    super(scope, id);
    const environment = regionalEnvironment(shared, region);
    const { autoscaling, network, monitoring, secrets, backup } = environment;
    const gateway = new AiGateway(this, 'gateway', {
      namespace: environment.namespace,
      region: region.region,
      environment: environment.environment,
      owner: environment.owner,
      labels: region.labels,
      zones: region.zones,
      image: environment.image,
      exceptions: environment.exceptions,
      logLevel: environment.logLevel,
      resources: environment.resources,
      config: environment.config,
      autoscaling: autoscalingOf(autoscaling, region.replicas),
      network: Network.policies(network),
      hosts: hostsOf(environment, region),
      entry: environment.entry,
      monitoring: Monitoring.prometheus(monitoring),
      secrets: regionalSecrets(secrets, region.region),
    });
    failoverOf(environment).attachToRegion?.(this, gateway.workload);
    if (backup !== undefined) {
      new RegionCopies(this, 'copies', { environment: shared, backup, region: region.region, gateway });
    }
    if (shared.delivery.kind === 'argo-cd') keepNamespaces(this);
  }
}

function autoscalingOf({ inFlight, ...cpu }: Environment['autoscaling'], minReplicas: number): Autoscaling {
  const input = { ...cpu, minReplicas };
  return inFlight === undefined ? Autoscaling.cpu(input) : Autoscaling.inFlight({ ...input, inFlight });
}

/** The region's own name, which is the one that is checked, and the name of all regions. */
function hostsOf({ host }: Environment, region: Region): string[] {
  return [regionalHost(host, region), host].filter((name) => name !== undefined);
}

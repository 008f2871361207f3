import { Construct } from 'constructs';
import { z } from 'zod';
import { Autoscaling } from '../autoscaling/autoscaling';
import { parseInput } from '../config/parse';
import { runtimeConfigOf, sharedLimits } from '../config/schema/cluster-config';
import { gatewayFields, gatewayName, gatewayRules } from '../config/schema/gateway';
import { labels } from '../config/schema/labels';
import { zones } from '../config/schema/parts';
import { whenever } from '../config/schema/right-fields';
import { secretFilesOf } from '../../gateway-app/contract/secret-files';
import { identityOf } from '../kit/identity';
import type { WorkloadRef } from '../kit/workload-ref';
import { Monitoring } from '../monitoring/monitoring';
import { Network } from '../network/network';
import { Secrets } from '../secrets/secrets';
import { InClusterStore } from '../store/in-cluster-store';
import { GatewayNamespace } from '../workload/namespace';
import { GatewayPriorityClass, priorityClassName } from '../workload/priority-class';
import { Workload } from '../workload/workload';
import type { AiGatewayProps } from './ai-gateway-props';

const settingsSchema = z
  .strictObject({ name: gatewayName, labels: labels.default({}), zones, ...gatewayFields })
  .superRefine(gatewayRules, whenever);

/**
 * A complete AI gateway in a namespace of its own: workload, scaling, network, monitoring and secrets.
 *
 * @throws InvalidInput with everything that is wrong in the props, at once.
 */
export class AiGateway extends Construct {
  /** For objects of your own that point at the gateway. */
  readonly workload: WorkloadRef;

  constructor(scope: Construct, id: string, props: AiGatewayProps) {
    super(scope, id);
    const {
      autoscaling = Autoscaling.cpu(),
      network = Network.policies(),
      monitoring = Monitoring.prometheusOperator(),
      secrets = Secrets.none(),
      ...data
    } = props;
    const { maxReplicas } = autoscaling;
    const schema = settingsSchema.superRefine((settings, ctx) => {
      sharedLimits(settings.config, maxReplicas, ctx);
    }, whenever);
    const settings = parseInput(schema, data, `AiGateway "${id}"`);
    const config = runtimeConfigOf(settings.config, settings.name, maxReplicas);
    const identity = identityOf({ ...settings, version: settings.image.tag });
    const files = secretFilesOf(config).map(({ name }) => name);

    const secretName = secrets.attach(new Construct(this, 'secrets'), identity, files);

    new GatewayNamespace(this, 'namespace', identity);
    new GatewayPriorityClass(this, 'priority-class', identity);
    const { ref } = new Workload(this, 'workload', {
      ...settings,
      config,
      identity,
      image: settings.image,
      secretName,
      replicas: autoscaling.statedReplicas,
      minReplicas: autoscaling.minReplicas,
    });
    autoscaling.attach(new Construct(this, 'autoscaling'), ref);
    network.attach(new Construct(this, 'network'), ref, config);
    monitoring.attach(new Construct(this, 'monitoring'), ref);
    const { store } = settings.config;
    if (store.kind === 'in-cluster' && secretName !== undefined) {
      new InClusterStore(this, 'store', {
        workload: ref,
        settings: store,
        secretName,
        priorityClassName: priorityClassName(identity),
      });
    }
    this.workload = ref;
  }
}

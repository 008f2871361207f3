import { Construct } from 'constructs';
import { z } from 'zod';
import { Autoscaling } from '../autoscaling/autoscaling';
import { parseInput } from '../config/parse';
import { runtimeConfigOf, sharedLimits } from '../config/schema/cluster-config';
import { entry as entrySchema } from '../config/schema/entry';
import { adminRules } from '../config/schema/entry-admin';
import { entryTlsRules } from '../config/schema/entry-tls';
import { gatewayFields, gatewayName, gatewayRules } from '../config/schema/gateway';
import { labels } from '../config/schema/labels';
import { zones } from '../config/schema/parts';
import { rightFields, whenever } from '../config/schema/right-fields';
import { hostName, labelValue } from '../config/schema/scalars';
import { secretFilesOf } from '../../gateway-app/contract/secret-files';
import { report } from '../../gateway-app/contract/validate';
import { chooseEntry } from '../entry/choose-entry';
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
  .strictObject({
    name: gatewayName,
    region: labelValue.optional(),
    labels: labels.default({}),
    zones,
    hosts: z.array(hostName).max(16).readonly().default([]),
    entry: entrySchema.default({ kind: 'none' }),
    ...gatewayFields,
  })
  .superRefine((settings, ctx) => {
    gatewayRules(settings, ctx);
    adminRules(settings, ctx);
    entryTlsRules(settings, ctx);
    const { right } = rightFields(ctx);
    if (!right('entry') || !right('hosts')) return;
    if (settings.entry.kind === 'none' || settings.hosts.length > 0) return;
    report(ctx, {
      path: ['hosts'],
      rule: 'must hold a name where there is an entry: without one it answers to nobody',
      fix: "write the name that clients use, like ['gateway.example.com'], or choose Entry.none()",
    });
  }, whenever);

/**
 * A complete AI gateway in a namespace of its own: workload, scaling, entry, network, monitoring and secrets.
 *
 * @throws InvalidInput with everything that is wrong in the props, at once.
 */
export class AiGateway extends Construct {
  /** For objects of your own that point at the gateway. */
  readonly workload: WorkloadRef;
  /** Name of the Secret that is mounted; undefined where there is none. */
  readonly secretName: string | undefined;
  /** The files of it that the configuration names. */
  readonly secretFiles: readonly string[];

  constructor(scope: Construct, id: string, props: AiGatewayProps) {
    super(scope, id);
    const {
      autoscaling = Autoscaling.cpu(),
      network = Network.policies(),
      monitoring = Monitoring.prometheus(),
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
    this.secretFiles = secretFilesOf(config).map(({ name }) => name);

    const entry = chooseEntry(settings.entry, {
      hosts: settings.hosts,
      ingressNamespace: network.ingressNamespace,
      monitoringNamespace: network.monitoringNamespace,
      consumers: network.consumers,
      config,
    });

    // First: whoever applies the objects in this order needs the namespace for all the others.
    new GatewayNamespace(this, 'namespace', identity);
    new GatewayPriorityClass(this, 'priority-class', identity);
    this.secretName = secrets.attach(new Construct(this, 'secrets'), identity, this.secretFiles);
    const { ref } = new Workload(this, 'workload', {
      ...settings,
      config,
      identity,
      image: settings.image,
      secretName: this.secretName,
      replicas: autoscaling.statedReplicas,
      minReplicas: autoscaling.minReplicas,
      pod: entry.effects.pod,
    });
    autoscaling.attach(new Construct(this, 'autoscaling'), ref);
    network.attach(new Construct(this, 'network'), ref, config, entry.effects);
    entry.attach(new Construct(this, 'entry'), ref);
    monitoring.attach(new Construct(this, 'monitoring'), ref, entry.effects);
    const { store } = settings.config;
    if (store.kind === 'in-cluster' && this.secretName !== undefined) {
      new InClusterStore(this, 'store', {
        workload: ref,
        settings: store,
        secretName: this.secretName,
        priorityClassName: priorityClassName(identity),
      });
    }
    this.workload = ref;
  }
}

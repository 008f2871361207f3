import { Yaml } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { configFileName } from '../../gateway-app/contract/paths';
import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { metadataOf } from '../kit/identity';
import { gatewayDeployment, type WorkloadRef } from '../kit/workload-ref';
import { podTemplate } from './pod-template';
import type { WorkloadProps } from './workload-props';

/** The running gateway: ServiceAccount, ConfigMap, Deployment, Service. */
export class Workload extends Construct {
  readonly ref: WorkloadRef;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const ref = (this.ref = gatewayDeployment(props.identity, props.config));

    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: metadataOf(ref),
      automountServiceAccountToken: false,
    });
    new k8s.KubeConfigMap(this, 'config', {
      metadata: metadataOf(ref),
      data: { [configFileName]: configFile(props.config) },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: metadataOf(ref),
      spec: {
        ...(props.replicas === undefined ? {} : { replicas: props.replicas }),
        revisionHistoryLimit: 5,
        selector: { matchLabels: ref.podLabels },
        // No pod goes before its successor serves.
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: {
            maxUnavailable: k8s.IntOrString.fromNumber(0),
            maxSurge: k8s.IntOrString.fromString('25%'),
          },
        },
        template: podTemplate(ref, props),
      },
    });
    new k8s.KubeService(this, 'service', {
      metadata: metadataOf(ref),
      spec: {
        type: 'ClusterIP',
        selector: ref.podLabels,
        ports: Object.values(ref.ports).map(({ name, number, protocol }) => ({
          name,
          // For meshes and gateways, which go by the port's name where this is missing.
          appProtocol: protocol,
          port: number,
          targetPort: k8s.IntOrString.fromString(name),
          protocol: 'TCP',
        })),
      },
    });
  }
}

/** A member that was given as `undefined` would be written as `null`, which the gateway refuses at its start. */
function configFile(config: RuntimeConfig): string {
  return Yaml.stringify(JSON.parse(JSON.stringify(config)));
}

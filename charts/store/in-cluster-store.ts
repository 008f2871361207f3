import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { annotations } from '../config/annotations';
import { storeName, type InClusterStore as Settings } from '../config/schema/store';
import { policyPort } from '../kit/egress-rules';
import { fingerprint } from '../kit/fingerprint';
import { metadataOf, type Identity } from '../kit/identity';
import { imageReference } from '../kit/image-reference';
import { restrictedContainer, restrictedPod, secretFileMode } from '../kit/restricted-pod';
import type { WorkloadRef } from '../kit/workload-ref';
import {
  configFileName,
  folders,
  readinessScript,
  startScript,
  storeConfig,
  storePort,
} from './store-config';

export interface InClusterStoreProps {
  /** Whose limits it counts; nobody else may reach it. */
  readonly workload: WorkloadRef;
  readonly settings: Settings;
  /** Secret that holds the password's file. */
  readonly secretName: string;
  readonly priorityClassName: string;
}

const portName = 'store';
const component = 'store';

/** From SIGTERM on, the program writes its log out. */
const stopSeconds = 5;

/** One Redis or Valkey that counts the limits. While it is away the gateway keeps its local share, so one is enough. */
export class InClusterStore extends Construct {
  constructor(scope: Construct, id: string, props: InClusterStoreProps) {
    super(scope, id);
    const { workload, settings } = props;
    const identity = identityOfStore(workload);
    const metadata = () => metadataOf(identity);
    const config = storeConfig(settings.memory);

    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: metadata(),
      automountServiceAccountToken: false,
    });
    new k8s.KubeConfigMap(this, 'config', { metadata: metadata(), data: { [configFileName]: config } });
    new k8s.KubeStatefulSet(this, 'stateful-set', {
      metadata: metadata(),
      spec: {
        replicas: 1,
        serviceName: identity.name,
        selector: { matchLabels: identity.podLabels },
        updateStrategy: { type: 'RollingUpdate' },
        template: {
          metadata: {
            labels: identity.labels,
            annotations: {
              [annotations.drainSeconds]: String(stopSeconds),
              [annotations.startConfig]: fingerprint(config),
            },
          },
          spec: podSpec(identity, props),
        },
      },
    });
    new k8s.KubeService(this, 'service', {
      metadata: metadata(),
      spec: {
        type: 'ClusterIP',
        selector: identity.podLabels,
        ports: [
          {
            name: portName,
            port: storePort,
            targetPort: k8s.IntOrString.fromString(portName),
            protocol: 'TCP',
          },
        ],
      },
    });
    new k8s.KubeNetworkPolicy(this, 'openings', {
      metadata: metadata(),
      spec: {
        podSelector: { matchLabels: identity.podLabels },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: workload.podLabels } }],
            ports: [policyPort(storePort)],
          },
        ],
      },
    });
  }
}

/** Its own name and pods: the selectors of the gateway must not find it. */
function identityOfStore({ name, namespace, environment, labels }: WorkloadRef): Identity {
  const podLabels = {
    'app.kubernetes.io/name': 'ai-gateway-store',
    'app.kubernetes.io/instance': storeName(name),
  };
  return {
    name: storeName(name),
    namespace,
    environment,
    podLabels,
    labels: { ...labels, ...podLabels, 'app.kubernetes.io/component': component },
  };
}

function podSpec(
  { name }: Identity,
  { settings, secretName, priorityClassName }: InClusterStoreProps,
): k8s.PodSpec {
  const { image, passwordFile, cpu, memory } = settings;
  // Its log, and a second one while that is written anew.
  const disk = Size.kibibytes(2 * memory.toKibibytes());
  const amounts = {
    cpu: k8s.Quantity.fromString(cpu.amount),
    memory: k8s.Quantity.fromString(memory.asString()),
    'ephemeral-storage': k8s.Quantity.fromString(disk.asString()),
  };
  const port = k8s.IntOrString.fromString(portName);
  return {
    ...restrictedPod(name),
    priorityClassName,
    terminationGracePeriodSeconds: 2 * stopSeconds,
    containers: [
      {
        name: component,
        image: imageReference(image),
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', startScript(passwordFile)],
        ports: [{ name: portName, containerPort: storePort, protocol: 'TCP' }],
        startupProbe: { tcpSocket: { port }, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: {
          exec: { command: ['sh', '-c', readinessScript] },
          periodSeconds: 5,
          timeoutSeconds: 2,
        },
        livenessProbe: { tcpSocket: { port }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        resources: { requests: amounts, limits: amounts },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: 'config', mountPath: folders.config, readOnly: true },
          { name: 'secrets', mountPath: folders.secrets, readOnly: true },
          { name: 'data', mountPath: folders.data },
          { name: 'run', mountPath: folders.run },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name } },
      {
        name: 'secrets',
        // Not the provider keys that lie in the same Secret.
        secret: {
          secretName,
          defaultMode: secretFileMode,
          items: [{ key: passwordFile, path: passwordFile }],
        },
      },
      { name: 'data', emptyDir: { sizeLimit: amounts['ephemeral-storage'] } },
      { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('1Mi') } },
    ],
  };
}

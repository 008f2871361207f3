import { defaults } from '../../../charts/config/defaults';
import { imageReference } from '../../../charts/kit/image-reference';
import {
  e2eEnvironment,
  gatewayNamespace,
  modelServer,
  providerKeyFile,
  storePasswordFile,
} from './environment';
import { nodeInImage, podScript } from './pod-script';

/** A pod that asks, and that answers on port 443. */
export interface Actor {
  readonly namespace: string;
  readonly pod: string;
}

const { network } = e2eEnvironment();

/** Where the entry to the cluster stands. */
export const ingress: Actor = { namespace: network?.ingressNamespace ?? 'istio-system', pod: 'client' };
/** Where Prometheus stands. */
export const monitoring: Actor = { namespace: network?.monitoringNamespace ?? 'monitoring', pod: 'client' };
/** A team that has nothing to do with the gateway. */
export const stranger: Actor = { namespace: 'e2e-stranger', pod: 'client' };
/** What the configuration's provider resolves to. */
export const provider: Actor = { namespace: modelServer.namespace, pod: modelServer.name };

const actors = [ingress, monitoring, stranger, provider];

/** The namespaces that the test makes beside the gateway's own. */
export const stageNamespaces = actors.map(({ namespace }) => namespace);

/** Where the pods that no kubelet runs are scheduled. */
export const zonesNamespace = 'e2e-zones';

/** What stands around the gateway: clients, strangers and the model server. */
export function stage(): object[] {
  return [
    ...stageNamespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...actors.map(actorPod),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: modelServer.name, namespace: modelServer.namespace },
      spec: { selector: { app: provider.pod }, ports: [{ port: modelServer.port }] },
    },
  ];
}

/** What External Secrets would make of the ExternalSecret, on which nothing acts here. */
export function providerKeys(value: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${defaults.name}-secrets`, namespace: gatewayNamespace },
    stringData: {
      [providerKeyFile]: value,
      'openai-api-key': 'unused',
      [storePasswordFile]: 'password-of-the-store',
      'admin-token': 'unused'.padEnd(32, '-'),
    },
  };
}

function actorPod({ namespace, pod }: Actor): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, namespace, labels: { app: pod } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        // A NetworkPolicy is judged by the pod's own port, which is the model server's: 443.
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '443' }],
      },
      containers: [
        {
          name: 'node',
          image: imageReference(e2eEnvironment().image),
          imagePullPolicy: 'IfNotPresent',
          command: [nodeInImage, '-e', podScript('model-server')],
          readinessProbe: { tcpSocket: { port: modelServer.port }, periodSeconds: 1 },
          resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        },
      ],
    },
  };
}

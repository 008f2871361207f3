import { withChanges, type Changes, type Fields } from './changes';
import { workload } from './objects';

export const image = `registry.example/gateway:1.0.0@sha256:${'ab'.repeat(32)}`;

/** A pod spec that keeps the whole policy, with an init container so that both lists are judged. */
export function podSpec(changes: Changes = {}): Fields {
  const amounts = () => ({ cpu: '500m', memory: '512Mi', 'ephemeral-storage': '64Mi' });
  const container = (name: string): Fields => ({
    name,
    image,
    resources: { requests: amounts(), limits: amounts() },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  });
  return withChanges(
    {
      serviceAccountName: 'gateway',
      automountServiceAccountToken: false,
      priorityClassName: 'gateway',
      dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_001,
        runAsGroup: 10_001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      initContainers: [container('prepare')],
      containers: [
        {
          ...container('gateway'),
          ports: [{ name: 'http', containerPort: 8080 }],
          startupProbe: { httpGet: { path: '/ready', port: 'http' } },
          readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
          livenessProbe: { httpGet: { path: '/live', port: 'http' } },
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
    },
    changes,
  );
}

/** A Deployment that keeps the whole policy but for the changes, whose paths start at its pod spec. */
export function deployment(changes: Changes = {}): Fields {
  return workload('apps/v1', 'Deployment', podSpec(changes));
}

/** A Deployment of three pods, which need a budget beside it; paths of the changes start at its spec. */
export function replicated(changes: Changes = {}): Fields {
  const spread = {
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    maxSkew: 1,
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'gateway' } },
  };
  const object = withChanges(deployment({ topologySpreadConstraints: [spread] }), { 'spec.replicas': 3 });
  withChanges(object['spec'] as Fields, changes);
  return object;
}

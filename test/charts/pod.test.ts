import { probeTimings, shutdownTimings } from '../../gateway-app/contract/timings';
import { at, gatewayManifests, only } from './gateway-chart';

const deployment = only(gatewayManifests(), 'Deployment');
const pod = at(deployment, 'spec', 'template', 'spec');
const container = at(deployment, 'spec', 'template', 'spec', 'containers', 0);

it('runs as an unprivileged user without a token', () => {
  expect(pod).toMatchObject({
    automountServiceAccountToken: false,
    serviceAccountName: 'ai-gateway',
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      fsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  });
  expect(container).toMatchObject({
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
  });
});

it('is given time to drain before it is killed', () => {
  const drainSeconds = (shutdownTimings.endpointPropagationMs + shutdownTimings.drainLimitMs) / 1000;
  expect(pod).toMatchObject({ terminationGracePeriodSeconds: expect.any(Number) });
  expect(at(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds')).toBeGreaterThan(
    drainSeconds,
  );
});

it.each([
  ['startupProbe', probeTimings.startup, '/health/ready'],
  ['readinessProbe', probeTimings.readiness, '/health/ready'],
  ['livenessProbe', probeTimings.liveness, '/health/live'],
] as const)('has a %s by the timings of the contract', (probe, timing, path) => {
  expect(container).toMatchObject({
    [probe]: {
      httpGet: { path, port: 'http' },
      periodSeconds: timing.periodSeconds,
      timeoutSeconds: timing.timeoutSeconds,
      failureThreshold: timing.failureThreshold,
    },
  });
});

it('mounts folders and never single files, which no reload would see change', () => {
  expect(container).toMatchObject({
    volumeMounts: [
      { name: 'config', mountPath: '/etc/gateway/config', readOnly: true },
      { name: 'temporary', mountPath: '/tmp' },
    ],
  });
  expect(JSON.stringify(deployment)).not.toContain('subPath');
});

it('has every replacement serve before a pod goes', () => {
  expect(deployment).toMatchObject({
    spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } } },
  });
});

it('is spread so that a dead zone and a rollout leave replacements a place', () => {
  expect(pod).toMatchObject({
    topologySpreadConstraints: [
      {
        topologyKey: 'topology.kubernetes.io/zone',
        maxSkew: 1,
        nodeTaintsPolicy: 'Honor',
        matchLabelKeys: ['pod-template-hash'],
      },
      { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
  });
  expect(JSON.stringify(deployment)).not.toContain('minDomains');
});

it('is not rolled by a change of the configuration, which running pods pick up', () => {
  const changed = gatewayManifests({
    config: {
      version: 1,
      providers: [{ name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1' }],
      models: [{ name: 'other', targets: [{ provider: 'openai', model: 'gpt-4o' }] }],
    },
  });
  expect(only(changed, 'Deployment')).toEqual(deployment);
  expect(only(changed, 'ConfigMap', 'ai-gateway')).not.toEqual(
    only(gatewayManifests(), 'ConfigMap', 'ai-gateway'),
  );
});

it('asks the name servers for a provider once, and not first in every domain of the cluster', () => {
  expect(pod).toMatchObject({ dnsConfig: { options: [{ name: 'ndots', value: '2' }] } });
});

it('starts from the image on the node where the registry is down, and says in its status why it ended', () => {
  expect(container).toMatchObject({
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePolicy: 'FallbackToLogsOnError',
  });
});

it('lives in a namespace that admits restricted pods only, with an account that has no token', () => {
  const manifests = gatewayManifests();
  expect(only(manifests, 'Namespace')).toMatchObject({
    metadata: {
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  });
  expect(only(manifests, 'ServiceAccount')).toMatchObject({
    metadata: { name: 'ai-gateway' },
    automountServiceAccountToken: false,
  });
});

it('is reached within the cluster only, by names and numbers of the contract', () => {
  expect(only(gatewayManifests(), 'Service')).toMatchObject({
    spec: {
      type: 'ClusterIP',
      ports: [
        { name: 'http', port: 8080, targetPort: 'http' },
        { name: 'http-admin', port: 9090, targetPort: 'http-admin' },
      ],
    },
  });
});

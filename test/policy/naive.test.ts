import { join } from 'node:path';
import { reportOn } from '../../charts/policy/report';

const naive = join(__dirname, 'naive');

/** A deployment as an introduction would show it: it runs, and hardly anything else. */
it('finds in a naive deployment what will go wrong with it', () => {
  const { findings, files, passed } = reportOn(naive);
  expect(files).toBe(4);
  expect(passed).toBe(false);
  expect([...new Set(findings.map(({ checkId }) => checkId))].sort()).toEqual([
    'all-probes',
    'autoscaler-signal',
    'dedicated-service-account',
    'disruption-budget',
    'dns-egress',
    'drop-all-capabilities',
    'graceful-shutdown',
    'high-uid-and-gid',
    'image-registry',
    'image-tag-and-digest',
    'liveness-apart-from-readiness',
    'low-ndots',
    'memory-request-equals-limit',
    'namespace-labels-that-exist',
    'no-plain-text-secrets',
    'no-privilege-escalation',
    'no-service-account-token',
    'pod-security-enforced',
    'priority-class',
    'read-only-root-filesystem',
    'replicas-left-to-autoscaler',
    'resource-requests-and-limits',
    'run-as-non-root',
    'seccomp-runtime-default',
    'secrets-as-files',
    'service-monitor-port',
    'standard-labels',
    'zone-spread',
  ]);
});

it.each([
  ['replicas-left-to-autoscaler', 'api-gateway.yaml', 'spec.replicas', 3],
  ['all-probes', 'api-gateway.yaml', 'spec.template.spec.containers[0].startupProbe', undefined],
  [
    'no-plain-text-secrets',
    'api-gateway.yaml',
    'spec.template.spec.containers[0].env[1].value',
    '(not shown)',
  ],
  ['autoscaler-signal', 'scaling.yml', 'spec.metrics[0].type', 'Resource'],
  [
    'namespace-labels-that-exist',
    'network/policy.yaml',
    'spec.ingress[0].from[0].namespaceSelector',
    { matchLabels: { name: 'istio-system' } },
  ],
  ['service-monitor-port', 'monitor.json', 'spec.endpoints[0].port', 'metrics'],
])('names file, field and value of %s', (checkId, file, path, found) => {
  expect(reportOn(naive).findings).toContainEqual(
    expect.objectContaining({ checkId, file: join(naive, file), path, found }),
  );
});

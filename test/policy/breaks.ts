import type { CheckId } from '../../charts/config/check-ids';
import { prefixed } from './case';
import { withChanges, type Changes, type Fields } from './changes';

/** A single change to a folder of manifests that are in order. */
export type Break = readonly [what: string, change: (folder: Fields[]) => void];

type Container = Readonly<Record<'env' | 'resources' | 'volumeMounts', unknown>>;

function find(folder: Fields[], kind: string, name = 'ai-gateway'): Fields {
  const found = folder.find(
    (object) => object['kind'] === kind && (object['metadata'] as Fields)['name'] === name,
  );
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

function set(what: string, kind: string, changes: Changes, name?: string): Break {
  return [what, (folder) => void withChanges(find(folder, kind, name), changes)];
}

function pod(what: string, changes: Changes): Break {
  return set(what, 'Deployment', prefixed('spec.template.spec', changes));
}

function container(what: string, changes: Changes): Break {
  return pod(what, prefixed('containers[0]', changes));
}

/** One entry more in a list of the pod or its container. */
function volume(what: string, source: Fields): Break {
  return [
    what,
    (folder) => {
      const spec = podOf(folder);
      (spec.volumes as Fields[]).push({ name: 'more', ...source });
    },
  ];
}

function variable(what: string, entry: Fields): Break {
  return [what, (folder) => void (podOf(folder).containers[0].env as Fields[]).push(entry)];
}

function podOf(folder: Fields[]) {
  const { spec } = find(folder, 'Deployment') as {
    spec: { template: { spec: { volumes: unknown; containers: [Container] } } };
  };
  return spec.template.spec;
}

function add(what: string, apiVersion: string, kind: string, rest: Fields): Break {
  return [
    what,
    (folder) =>
      void folder.push({ apiVersion, kind, metadata: find(folder, 'Service')['metadata'], ...rest }),
  ];
}

function remove(what: string, kind: string): Break {
  return [what, (folder) => void folder.splice(folder.indexOf(find(folder, kind)), 1)];
}

const policy = 'NetworkPolicy';
const spread = 'topologySpreadConstraints[0]';
const digest = `@sha256:${'ab'.repeat(32)}`;
const drain = 'spec.template.metadata.annotations["cdk8s-ai-gateway/drain-seconds"]';

/** The rule that leads to the internet, wherever it stands among the others. */
const openTheMetadataAddress: Break = [
  'the metadata address no longer excepted',
  (folder) => {
    const { spec } = find(folder, policy) as { spec: { egress: { to: { ipBlock?: Fields }[] }[] } };
    const block = spec.egress.flatMap(({ to }) => to).find(({ ipBlock }) => ipBlock !== undefined);
    withChanges(block ?? {}, { 'ipBlock.except': ['10.0.0.0/8'] });
  },
];

const closeOneWayOnly: Break = [
  'policies for the way in alone',
  (folder) => {
    for (const name of ['ai-gateway', 'ai-gateway-default-deny']) {
      withChanges(find(folder, policy, name), { 'spec.policyTypes': ['Ingress'] });
    }
  },
];

/** For each check at least one thing that breaks it, and nothing else, in the production manifests. */
export const breaks: Readonly<Record<CheckId, readonly [Break, ...Break[]]>> = {
  'well-formed': [pod('volumes that are no list', { volumes: 'none' })],
  'unique-objects': [['an object twice', (folder) => void folder.push(find(folder, 'ConfigMap'))]],
  'legal-names': [set('a name in capitals', 'ConfigMap', { 'metadata.name': 'AI-Gateway' })],
  'standard-labels': [set('no owner', 'ConfigMap', { 'metadata.labels.owner': undefined })],
  'own-namespace': [set('the default namespace', 'ConfigMap', { 'metadata.namespace': 'default' })],
  'pod-security-enforced': [
    set('a lower level', 'Namespace', {
      'metadata.labels["pod-security.kubernetes.io/enforce"]': 'baseline',
    }),
  ],
  'pod-security-admitted': [volume('a file server', { nfs: { server: 'files', path: '/' } })],
  'run-as-non-root': [container('root allowed', { 'securityContext.runAsNonRoot': false })],
  'high-uid-and-gid': [pod('a user of the node', { 'securityContext.runAsUser': 1000 })],
  'no-privilege-escalation': [container('escalation', { 'securityContext.allowPrivilegeEscalation': true })],
  'not-privileged': [container('privileges', { 'securityContext.privileged': true })],
  'read-only-root-filesystem': [
    container('a writable file system', { 'securityContext.readOnlyRootFilesystem': false }),
  ],
  'drop-all-capabilities': [
    container('capabilities kept', { 'securityContext.capabilities.drop': ['NET_RAW'] }),
  ],
  'no-added-capabilities': [
    container('a capability added', { 'securityContext.capabilities.add': ['NET_ADMIN'] }),
  ],
  'seccomp-runtime-default': [pod('no seccomp', { 'securityContext.seccompProfile.type': 'Unconfined' })],
  'default-proc-mount': [container('/proc unmasked', { 'securityContext.procMount': 'Unmasked' })],
  'no-host-access': [pod('the processes of the node', { hostPID: true })],
  'no-runtime-socket': [volume('the socket of Docker', { hostPath: { path: '/var/run/docker.sock' } })],
  'unprivileged-ports': [container('port 80', { 'ports[0].containerPort': 80 })],
  'no-sub-path': [container('a single file', { 'volumeMounts[0].subPath': 'gateway.yaml' })],
  'no-service-account-token': [pod('a token', { automountServiceAccountToken: true })],
  'dedicated-service-account': [
    pod('the default account', { serviceAccountName: 'default' }),
    remove('no account', 'ServiceAccount'),
  ],
  'no-wildcard-rbac': [
    add('a role for everything', 'rbac.authorization.k8s.io/v1', 'Role', {
      rules: [{ apiGroups: [''], resources: ['*'], verbs: ['get'] }],
    }),
  ],
  'secrets-as-files': [
    variable('a key from a Secret in the environment', {
      name: 'OPENAI_API_KEY',
      valueFrom: { secretKeyRef: { name: 'keys', key: 'openai' } },
    }),
  ],
  'no-plain-text-secrets': [
    variable('a key in plain text in the environment', { name: 'OPENAI_API_KEY', value: 'abc' }),
    set('a key in the configuration', 'ConfigMap', { 'data["gateway.yaml"]': 'apiKey: abc' }),
  ],
  'unique-env-keys': [variable('a variable twice', { name: 'LOG_LEVEL', value: 'debug' })],
  'image-tag-and-digest': [container('no digest', { image: 'registry.example.com/gateway:v1' })],
  'image-not-latest': [container('latest', { image: `registry.example.com/gateway:latest${digest}` })],
  'image-registry': [
    container('a registry that is not listed', { image: `example.org/gateway:v1${digest}` }),
  ],
  'image-pull-policy': [container('a pull at each start', { imagePullPolicy: 'Always' })],
  'resource-requests-and-limits': [container('no CPU limit', { 'resources.limits.cpu': undefined })],
  'memory-request-equals-limit': [container('half the memory', { 'resources.requests.memory': '1Gi' })],
  'bounded-empty-dirs': [pod('no bound', { 'volumes[2].emptyDir': {} })],
  'all-probes': [container('no startup probe', { startupProbe: undefined })],
  'liveness-apart-from-readiness': [
    container('one path for both', { 'livenessProbe.httpGet.path': '/health/ready' }),
  ],
  'probes-on-declared-ports': [container('another port', { 'readinessProbe.httpGet.port': 'https' })],
  'graceful-shutdown': [
    set('neither hook nor drain', 'Deployment', { [drain]: undefined }),
    pod('less grace than the drain takes', { terminationGracePeriodSeconds: 30 }),
  ],
  'rolling-update': [set('all pods at once', 'Deployment', { 'spec.strategy': { type: 'Recreate' } })],
  'autoscaler-range': [
    set('a single pod', 'HorizontalPodAutoscaler', { 'spec.minReplicas': 1 }),
    set('no room', 'HorizontalPodAutoscaler', { 'spec.maxReplicas': 3 }),
  ],
  'autoscaler-target': [
    set('another name', 'HorizontalPodAutoscaler', { 'spec.scaleTargetRef.name': 'api-gateway' }),
  ],
  'autoscaler-signal': [
    set('the CPU of the whole pod', 'HorizontalPodAutoscaler', { 'spec.metrics[0].type': 'Resource' }),
  ],
  'replicas-left-to-autoscaler': [set('replicas as well', 'Deployment', { 'spec.replicas': 3 })],
  'disruption-budget': [remove('no budget', 'PodDisruptionBudget')],
  'evictions-permitted': [
    set('no eviction', 'PodDisruptionBudget', { 'spec.maxUnavailable': 0 }),
    set('as many as there are', 'PodDisruptionBudget', {
      'spec.maxUnavailable': undefined,
      'spec.minAvailable': 3,
    }),
  ],
  'zone-spread': [pod('no spread over zones', { [spread]: undefined })],
  'zone-loss-survived': [
    pod('a minimum of zones', { [`${spread}.minDomains`]: 3 }),
    pod('taints ignored', { [`${spread}.nodeTaintsPolicy`]: undefined }),
  ],
  'priority-class': [pod('no priority class', { priorityClassName: undefined })],
  'low-ndots': [pod('the default', { dnsConfig: undefined })],
  'network-policy-both-ways': [closeOneWayOnly],
  'network-policy-selects-pods': [
    set('a label that no pod has', policy, { 'spec.podSelector.matchLabels.tier': 'edge' }),
  ],
  'namespace-labels-that-exist': [
    set('a namespace label that no cluster sets', policy, {
      'spec.ingress[0].from[0].namespaceSelector.matchLabels': { name: 'istio-system' },
    }),
  ],
  'selectors-in-one-peer': [
    set('an AND turned into an OR', policy, {
      'spec.ingress[0].from[1]': { podSelector: { matchLabels: { istio: 'ingressgateway' } } },
    }),
  ],
  'dns-egress': [set('forgotten DNS', policy, { 'spec.egress[0]': undefined })],
  'no-metadata-egress': [openTheMetadataAddress],
  'cluster-ip-services': [set('a node port', 'Service', { 'spec.type': 'NodePort' })],
  'selectors-match': [set('a label that no pod has', 'Service', { 'spec.selector.tier': 'edge' })],
  'service-monitor-port': [set('another port', 'ServiceMonitor', { 'spec.endpoints[0].port': 'metrics' })],
  'tls-at-entry': [
    set('an entry with an old TLS', 'Gateway', { 'spec.servers[0].tls.minProtocolVersion': 'TLSV1_1' }),
    set('an entry in plain text', 'Gateway', { 'spec.servers[0].port.protocol': 'HTTP' }),
  ],
  'strict-mtls': [
    set('permissive mTLS', 'PeerAuthentication', { 'spec.mtls.mode': 'PERMISSIVE' }),
    set('plain text within the mesh', 'DestinationRule', { 'spec.trafficPolicy.tls.mode': 'DISABLE' }),
  ],
  'callers-by-identity': [set('anybody', 'AuthorizationPolicy', { 'spec.rules[0].from': undefined })],
  'registry-only-egress': [set('any host', 'Sidecar', { 'spec.outboundTrafficPolicy.mode': 'ALLOW_ANY' })],
  'requests-sent-once': [set('retries of the mesh', 'VirtualService', { 'spec.http[0].retries': undefined })],
};

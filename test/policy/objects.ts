import { validateManifests, type PolicyOptions } from '../../charts/policy/validate-manifests';
import type { Violation } from '../../charts/policy/violation';
import { withChanges, type Changes, type Fields } from './changes';

export const selector = { 'app.kubernetes.io/name': 'gateway' };

export function labels(): Fields {
  return {
    ...selector,
    'app.kubernetes.io/instance': 'gateway',
    'app.kubernetes.io/version': '1.0.0',
    'app.kubernetes.io/component': 'gateway',
    'app.kubernetes.io/managed-by': 'cdk8s',
    owner: 'team-test',
    environment: 'test',
  };
}

/** A namespaced object with everything that every object needs. */
export function object(apiVersion: string, kind: string, rest: Fields = {}): Fields {
  const metadata = { name: 'gateway', namespace: 'production', labels: labels() };
  return { apiVersion, kind, metadata, ...rest };
}

/** An object that is all in its spec. */
export function specified(apiVersion: string, kind: string, spec: Fields, changes: Changes = {}): Fields {
  return object(apiVersion, kind, { spec: withChanges(spec, changes) });
}

/** Where each kind keeps the template of its pods. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** An object that starts pods, with what surrounds their spec. */
export function workload(apiVersion: string, kind: string, pod: unknown): Fields {
  const annotations = { 'cdk8s-ai-gateway/drain-seconds': '20' };
  const path = templatePaths[kind] ?? ['spec', 'template'];
  if (path.length === 0) {
    const bare = object(apiVersion, kind, { spec: pod });
    return withChanges(bare, { 'metadata.annotations': annotations });
  }
  const template = { metadata: { labels: labels(), annotations }, spec: pod };
  const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), template) as Fields;
  const started = object(apiVersion, kind, nested);
  const selects = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(kind);
  return selects ? withChanges(started, { 'spec.selector': { matchLabels: { ...selector } } }) : started;
}

/** A Service that keeps the whole policy but for the changes, whose paths start at its spec. */
export function service(changes: Changes = {}): Fields {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  return specified('v1', 'Service', { selector: { ...selector }, ports }, changes);
}

/** A PodDisruptionBudget that permits one eviction. */
export function budget(changes: Changes = {}): Fields {
  return specified(
    'policy/v1',
    'PodDisruptionBudget',
    { maxUnavailable: 1, selector: { matchLabels: { ...selector } } },
    changes,
  );
}

/** A NetworkPolicy over the gateway's pods that lets them ask for names; paths of the changes start at its spec. */
export function networkPolicy(changes: Changes = {}): Fields {
  const ports = [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ];
  return specified(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    {
      podSelector: { matchLabels: { ...selector } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [namespacePeer('istio-system')], ports: [{ port: 8080 }] }],
      egress: [{ to: [namespacePeer('kube-system')], ports }],
    },
    changes,
  );
}

export function namespacePeer(name: string): Fields {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

/** What pods need beside them: their account, and a policy that closes both directions. */
export function surroundings(): Fields[] {
  const deny = specified('networking.k8s.io/v1', 'NetworkPolicy', {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
  return [object('v1', 'ServiceAccount'), withChanges(deny, { 'metadata.name': 'default-deny' })];
}

/** What the policy finds in objects that are given to a cluster together with {@link surroundings}. */
export function judge(objects: readonly unknown[], options: PolicyOptions = {}): Violation[] {
  return validateManifests([...surroundings(), ...objects], options);
}

import { k8s } from 'cdk8s-plus-28';
import type { Destination } from '../kit/destinations';

/** Not the internet: private and shared ranges, and link-local with the cloud's metadata address 169.254.169.254. */
const notOutside = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

/** One rule per peer, ports together and in order, so that the order of the input changes nothing. */
export function egressRules(destinations: readonly Destination[]): k8s.NetworkPolicyEgressRule[] {
  const portsByPeer = new Map<string, { peer: k8s.NetworkPolicyPeer; ports: Set<number> }>();
  for (const destination of destinations) {
    const peer = peerOf(destination);
    const key = JSON.stringify(peer);
    const entry = portsByPeer.get(key) ?? { peer, ports: new Set() };
    entry.ports.add(destination.port);
    portsByPeer.set(key, entry);
  }
  return [...portsByPeer]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { peer, ports }]) => ({
      to: [peer],
      ports: [...ports].sort((left, right) => left - right).map((port) => policyPort(port)),
    }));
}

const dnsNamespace = 'kube-system';
const dnsPort = 53;

/** Without it no host name resolves, and every other opening is useless. */
export function dnsRule(): k8s.NetworkPolicyEgressRule {
  return {
    to: [namespacePeer(dnsNamespace)],
    ports: [policyPort(dnsPort, 'UDP'), policyPort(dnsPort, 'TCP')],
  };
}

export function namespacePeer(name: string): k8s.NetworkPolicyPeer {
  // The only label of a namespace that the API server sets itself; `name` is set by nobody.
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

export function policyPort(port: number, protocol: 'TCP' | 'UDP' = 'TCP'): k8s.NetworkPolicyPort {
  return { protocol, port: k8s.IntOrString.fromNumber(port) };
}

function peerOf(destination: Destination): k8s.NetworkPolicyPeer {
  switch (destination.kind) {
    case 'namespace':
      return namespacePeer(destination.namespace);
    case 'block':
      return { ipBlock: { cidr: destination.cidr } };
    case 'outside':
      return { ipBlock: { cidr: '0.0.0.0/0', except: notOutside } };
  }
}

import { isIPv4 } from 'node:net';
import type { Field } from './field';
import { namespaceOf, type Folder } from './folder';
import { podLabelsOf } from './pod';
import { selects } from './selector';

export const networkPolicy = 'NetworkPolicy.networking.k8s.io';

/** The policies that bind the pods of a workload. */
export function policiesOver(workload: Field, folder: Folder): readonly Field[] {
  return folder
    .beside(workload, networkPolicy)
    .filter((policy) => selects(policy.get('spec').get('podSelector'), podLabelsOf(workload)));
}

/** True where the policy closes a direction. As for the API server, unstated types follow from the rules. */
export function closes(policy: Field, direction: 'Ingress' | 'Egress'): boolean {
  const spec = policy.get('spec');
  const types = spec.get('policyTypes');
  if (types.isSet) return types.items.some(({ value }) => value === direction);
  return direction === 'Ingress' || spec.get('egress').isSet;
}

/** The peers of each rule of a policy, both ways. */
export function peerLists(policy: Field): readonly (readonly Field[])[] {
  const spec = policy.get('spec');
  return [
    ...spec.get('ingress').items.map((rule) => rule.get('from').items),
    ...spec.get('egress').items.map((rule) => rule.get('to').items),
  ];
}

/** Pod selectors that stand in one list with namespaces, where one peer of both may have been meant. */
export function podsBesideNamespaces(peers: readonly Field[]): readonly Field[] {
  const hasNamespacesAlone = peers.some(
    (peer) => peer.get('namespaceSelector').isSet && !peer.get('podSelector').isSet,
  );
  return hasNamespacesAlone ? podsAlone(peers) : [];
}

/** Peers that are pods of the policy's own namespace. */
export function podsAlone(peers: readonly Field[]): readonly Field[] {
  return peers.filter((peer) => peer.get('podSelector').isSet && !peer.get('namespaceSelector').isSet);
}

/** The workloads of the folder that are in the same namespace as the policy and bound by it. */
export function workloadsBound(policy: Field, folder: Folder): readonly Field[] {
  return folder.workloads.filter(
    (workload) =>
      namespaceOf(workload) === namespaceOf(policy) &&
      selects(policy.get('spec').get('podSelector'), podLabelsOf(workload)),
  );
}

/** True where an egress rule lets a port of a protocol through to where a name server may be. */
export function opens(rule: Field, protocol: 'TCP' | 'UDP', port: number): boolean {
  const ports = rule.get('ports').items;
  const peers = rule.get('to').items;
  const letsPort = ports.some((candidate) => {
    const [from, to] = [candidate.get('port').value, candidate.get('endPort').value];
    const isWithin =
      from === port || (typeof from === 'number' && typeof to === 'number' && from <= port && port <= to);
    return (candidate.get('protocol').value ?? 'TCP') === protocol && (from === undefined || isWithin);
  });
  const leavesNamespace = peers.some(
    (peer) => peer.get('namespaceSelector').isSet || peer.get('ipBlock').isSet,
  );
  return (ports.length === 0 || letsPort) && (peers.length === 0 || leavesNamespace);
}

/** True where an IPv4 block holds an address. */
export function blockHolds(block: unknown, address: string): boolean {
  const [network = '', bits] = String(block).split('/');
  const size = Number(bits);
  if (!isIPv4(network) || !Number.isInteger(size) || size < 0 || size > 32) return false;
  const prefix = (text: string) => Math.floor(numberOf(text) / 2 ** (32 - size));
  return prefix(network) === prefix(address);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

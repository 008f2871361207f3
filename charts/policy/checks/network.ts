import { overKinds, overPods, type Check } from '../check';
import {
  blockHolds,
  closes,
  networkPolicy,
  opens,
  peerLists,
  podsAlone,
  podsBesideNamespaces,
  policiesOver,
  workloadsBound,
} from '../network-rules';
import type { Field } from '../field';
import { namespaceOf, type Folder } from '../folder';
import { operatorPodLabelsOf, podLabelsOf } from '../pod';
import { isEmptySelector, selects, workloadsSelected } from '../selector';

export const networkPolicyBothWays: Check = {
  id: 'network-policy-both-ways',
  title: 'Every pod is bound by NetworkPolicies in both directions',
  reason:
    'Any pod of the cluster reaches it, or an intruder in it reaches anything: other pods, the internet, the metadata of the cloud.',
  fix: 'Add a NetworkPolicy with policyTypes [Ingress, Egress] that selects the pods, and open what they need.',
  examine: overPods((_pod, object, folder) => {
    const policies = policiesOver(object, folder);
    const isBound = (['Ingress', 'Egress'] as const).every((direction) =>
      policies.some((policy) => closes(policy, direction)),
    );
    return isBound ? [] : [podLabelsOf(object)];
  }),
};

export const networkPolicySelectsPods: Check = {
  id: 'network-policy-selects-pods',
  title:
    'Every NetworkPolicy selects pods that are defined beside it, and so do its peers of the same namespace',
  reason: 'A policy that selects nothing protects nothing and opens nothing, and no tool says so.',
  fix: 'Write the labels of the pods into the selector, or remove the policy or peer.',
  examine: overKinds([networkPolicy], (policy, folder) => {
    const own = policy.get('spec').get('podSelector');
    const isDangling =
      !isEmptySelector(own) && workloadsBound(policy, folder).length + operated(policy, own, folder) === 0;
    const peers = peerLists(policy)
      // A list that also has namespaces is selectors-in-one-peer's matter.
      .flatMap((list) => (podsBesideNamespaces(list).length > 0 ? [] : podsAlone(list)))
      .map((peer) => peer.get('podSelector'))
      .filter(
        (selector) =>
          !isEmptySelector(selector) &&
          workloadsSelected(folder, policy, (labels) => selects(selector, labels)).length +
            operated(policy, selector, folder) ===
            0,
      );
    return [...(isDangling ? [own] : []), ...peers];
  }),
};

/** How many resources there are beside a policy whose operator starts pods that a selector selects. */
function operated(policy: Field, selector: Field, folder: Folder): number {
  return folder.operated.filter((resource) => {
    const labels = operatorPodLabelsOf(resource);
    return namespaceOf(resource) === namespaceOf(policy) && labels !== undefined && selects(selector, labels);
  }).length;
}

/** The only label of a namespace that the API server sets itself. */
const namespaceName = 'kubernetes.io/metadata.name';

/** True where each label is one that every cluster sets, or one that a Namespace of the folder carries. */
function isSetSomewhere(selector: Field, folder: Folder): boolean {
  const isCarried = (key: string, value?: unknown) =>
    key === namespaceName ||
    folder.ofKind('Namespace.').some((namespace) => {
      const label = namespace.get('metadata').get('labels').get(key);
      return label.isSet && (value === undefined || label.value === value);
    });
  return (
    selector.get('matchLabels').entries.every(([key, { value }]) => isCarried(key, value)) &&
    selector
      .get('matchExpressions')
      .items.every((expression) => isCarried(String(expression.get('key').value)))
  );
}

export const namespaceLabelsThatExist: Check = {
  id: 'namespace-labels-that-exist',
  title: 'Namespaces are selected by a label that they carry',
  reason:
    'The label `name` and its like are set by no cluster: the peer matches nothing, and the traffic that it should let through is dropped.',
  fix: 'Select by kubernetes.io/metadata.name, which the API server sets, or define the Namespace with the label beside the policy.',
  examine: overKinds([networkPolicy], (policy, folder) =>
    peerLists(policy)
      .flat()
      .map((peer) => peer.get('namespaceSelector'))
      .filter((selector) => selector.isSet && !isSetSomewhere(selector, folder)),
  ),
};

export const selectorsInOnePeer: Check = {
  id: 'selectors-in-one-peer',
  title: 'No rule lists a namespace and a pod selector as two peers',
  reason:
    'In one peer the two mean "these pods of that namespace", in two they mean "all of that namespace, or these pods of ours": far more than was meant.',
  fix: 'Put namespaceSelector and podSelector into one entry. Where both are meant, write two rules.',
  examine: overKinds([networkPolicy], (policy) =>
    peerLists(policy).flatMap((peers) => podsBesideNamespaces(peers)),
  ),
};

const dnsPort = 53;

export const dnsEgress: Check = {
  id: 'dns-egress',
  title: 'Pods whose egress is opened at all may ask for names, over UDP and TCP',
  reason:
    'No host name resolves, so every opening beside it is useless and every call fails at its first step.',
  fix: 'Add an egress rule to the namespace of the name server for port 53 in UDP and TCP.',
  examine: overKinds([networkPolicy], (policy, folder) => {
    const egress = policy.get('spec').get('egress');
    if (!closes(policy, 'Egress') || egress.items.length === 0) return [];
    const hasNames = workloadsBound(policy, folder).every((workload) => {
      const rules = policiesOver(workload, folder).flatMap((other) => other.get('spec').get('egress').items);
      return (['UDP', 'TCP'] as const).every((protocol) =>
        rules.some((rule) => opens(rule, protocol, dnsPort)),
      );
    });
    return hasNames ? [] : [egress];
  }),
};

const metadataAddress = '169.254.169.254';

export const noMetadataEgress: Check = {
  id: 'no-metadata-egress',
  title: 'No egress leads to the metadata address of the cloud',
  reason:
    'The address gives the credentials of the node to whoever asks, such as a request that the program was tricked into.',
  fix: 'Except 169.254.0.0/16, and the private ranges, from the block. A rule without peers leads everywhere too.',
  examine: overKinds([networkPolicy], (policy) =>
    policy
      .get('spec')
      .get('egress')
      .items.flatMap((rule) => {
        const peers = rule.get('to');
        const blocks = peers.items.map((peer) => peer.get('ipBlock')).filter(({ isSet }) => isSet);
        const open = blocks.filter(
          (block) =>
            blockHolds(block.get('cidr').value, metadataAddress) &&
            !block.get('except').items.some(({ value }) => blockHolds(value, metadataAddress)),
        );
        const leadsEverywhere = peers.items.length === 0 && !isForNamesOnly(rule);
        return [...(leadsEverywhere ? [peers] : []), ...open.map((block) => block.get('cidr'))];
      }),
  ),
};

function isForNamesOnly(rule: Field): boolean {
  const ports = rule.get('ports').items;
  return ports.length > 0 && ports.every((port) => port.get('port').value === dnsPort);
}

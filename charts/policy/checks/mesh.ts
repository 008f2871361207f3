import { overKinds, type Check } from '../check';
import type { Field } from '../field';
import type { Folder } from '../folder';
import { closes, policiesOver } from '../network-rules';
import { podLabelsOf } from '../pod';
import { selects, workloadsSelected } from '../selector';

const peerAuthentication = 'PeerAuthentication.security.istio.io';

const inspectPeerAuthentications = overKinds([peerAuthentication], (object, folder) => {
  const spec = object.get('spec');
  const mode = spec.get('mtls').get('mode');
  const isGuarded = workloadsSelected(folder, object, (labels) =>
    selects(spec.get('selector'), labels),
  ).every((workload) => policiesOver(workload, folder).some((policy) => closes(policy, 'Ingress')));
  const ports = spec
    .get('portLevelMtls')
    .entries.map(([, port]) => port.get('mode'))
    .filter(({ value }) => value !== 'STRICT' && !(value === 'PERMISSIVE' && isGuarded));
  return [...(mode.value === 'STRICT' ? [] : [mode]), ...ports];
});

const inspectDestinationRules = overKinds(['DestinationRule.networking.istio.io'], (object) => {
  const spec = object.get('spec');
  const policies = [spec, ...spec.get('subsets').items].map((place) => place.get('trafficPolicy'));
  return policies
    .flatMap((policy) => [policy, ...policy.get('portLevelSettings').items])
    .map((place) => place.get('tls').get('mode'))
    .filter(({ value }) => value === 'DISABLE');
});

export const strictMtls: Check = {
  id: 'strict-mtls',
  title:
    'Every PeerAuthentication demands mTLS, and no DestinationRule does without; a single port may be excepted where NetworkPolicies guard it',
  reason:
    'Permissive takes plain text too: whoever reaches the pod needs no identity, and no AuthorizationPolicy knows who it is.',
  fix: 'Set mtls.mode to STRICT, and let portLevelMtls be PERMISSIVE only for a port of pods whose ingress NetworkPolicies close. In a DestinationRule, set tls.mode to ISTIO_MUTUAL, or leave it out.',
  examine: (object, folder) => [
    ...inspectPeerAuthentications(object, folder),
    ...inspectDestinationRules(object, folder),
  ],
};

/** Ports of the selected pods that take plain text, where nobody has an identity. */
function plainPorts(policy: Field, folder: Folder): ReadonlySet<unknown> {
  const ofPolicy = workloadsSelected(folder, policy, (labels) =>
    selects(policy.get('spec').get('selector'), labels),
  );
  const peers = folder
    .beside(policy, peerAuthentication)
    .filter((peer) =>
      ofPolicy.every((workload) => selects(peer.get('spec').get('selector'), podLabelsOf(workload))),
    );
  return new Set(
    peers.flatMap((peer) =>
      peer
        .get('spec')
        .get('portLevelMtls')
        .entries.filter(([, port]) => port.get('mode').value === 'PERMISSIVE')
        .map(([number]) => number),
    ),
  );
}

export const callersByIdentity: Check = {
  id: 'callers-by-identity',
  title:
    'Every AuthorizationPolicy that allows says whom; on a port that takes plain text it says at least what',
  reason:
    'A rule without callers lets in every pod of the mesh, whatever it is, and an empty one every request.',
  fix: 'Name the callers in from.source.principals. Where a port is excepted from mTLS, limit the rule to that port.',
  examine: overKinds(['AuthorizationPolicy.security.istio.io'], (policy, folder) => {
    const action = policy.get('spec').get('action');
    if (action.isSet && action.value !== 'ALLOW') return [];
    const excepted = plainPorts(policy, folder);
    return policy
      .get('spec')
      .get('rules')
      .items.filter((rule) => {
        if (rule.get('from').items.length > 0) return false;
        const operations = rule.get('to').items.map((target) => target.get('operation').get('ports').items);
        const isLimited = operations.every(
          (ports) => ports.length > 0 && ports.every(({ value }) => excepted.has(value)),
        );
        return operations.length === 0 || !isLimited;
      });
  }),
};

export const registryOnlyEgress: Check = {
  id: 'registry-only-egress',
  title: 'Every Sidecar lets out only what the mesh knows',
  reason:
    'With ALLOW_ANY an intruder in the pod sends what it found to any host that the network lets through.',
  fix: 'Set outboundTrafficPolicy.mode to REGISTRY_ONLY, and add a ServiceEntry for each host that is needed.',
  examine: overKinds(['Sidecar.networking.istio.io'], (sidecar) => {
    const mode = sidecar.get('spec').get('outboundTrafficPolicy').get('mode');
    return mode.value === 'REGISTRY_ONLY' ? [] : [mode];
  }),
};

const inspectVirtualServices = overKinds(['VirtualService.networking.istio.io'], (object) =>
  object
    .get('spec')
    .get('http')
    // A redirect or an answer of its own sends nothing on.
    .items.filter((route) => route.get('route').isSet)
    .map((route) => route.get('retries').get('attempts'))
    .filter(({ value }) => value !== 0),
);

const inspectHttpRoutes = overKinds(['HTTPRoute.gateway.networking.k8s.io'], (object) =>
  object
    .get('spec')
    .get('rules')
    .items.map((rule) => rule.get('retry'))
    .filter((retry) => retry.isSet && retry.get('attempts').value !== 0),
);

export const requestsSentOnce: Check = {
  id: 'requests-sent-once',
  title: 'No route sends a request again',
  reason:
    'A prompt that is repeated is paid twice, and only the gateway knows which failure may have been billed. Istio repeats by default.',
  fix: 'Set retries.attempts to 0 on each http route of a VirtualService, and leave retry out of an HTTPRoute.',
  examine: (object, folder) => [
    ...inspectVirtualServices(object, folder),
    ...inspectHttpRoutes(object, folder),
  ],
};

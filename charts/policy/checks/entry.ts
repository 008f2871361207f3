import { overKinds, type Check } from '../check';
import { closes, policiesOver } from '../network-rules';
import { namespaceOf } from '../folder';
import { podLabelsOf } from '../pod';
import { selects } from '../selector';

const istioVersions = ['TLSV1_2', 'TLSV1_3'];

const inspectIstioGateways = overKinds(['Gateway.networking.istio.io'], (gateway) =>
  gateway
    .get('spec')
    .get('servers')
    .items.flatMap((server) => {
      const tls = server.get('tls');
      const protocol = server.get('port').get('protocol').value;
      if (!['HTTPS', 'TLS'].includes(String(protocol)))
        return tls.get('httpsRedirect').value === true ? [] : [tls];
      // The TLS of what is passed through is the program's own.
      const isOurs = !['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(String(tls.get('mode').value));
      const version = tls.get('minProtocolVersion');
      return isOurs && !istioVersions.includes(String(version.value)) ? [version] : [];
    }),
);

const inspectIngresses = overKinds(['Ingress.networking.k8s.io'], (ingress) => {
  const tls = ingress.get('spec').get('tls');
  const covered = tls.items.flatMap((entry) => entry.get('hosts').items.map(({ value }) => value));
  const open = ingress
    .get('spec')
    .get('rules')
    .items.map((rule) => rule.get('host'))
    .filter((host) => !covered.includes(host.value));
  return tls.items.length === 0 ? [tls] : open;
});

const inspectGatewayListeners = overKinds(['Gateway.gateway.networking.k8s.io'], (gateway) =>
  gateway
    .get('spec')
    .get('listeners')
    .items.filter((listener) => !['HTTPS', 'TLS'].includes(String(listener.get('protocol').value)))
    .map((listener) => listener.get('protocol')),
);

export const tlsAtEntry: Check = {
  id: 'tls-at-entry',
  title: 'Every entry speaks TLS 1.2 or newer',
  reason: 'Keys and prompts cross the network in plain text, or under a version of TLS that has been broken.',
  fix: 'Istio Gateway: minProtocolVersion TLSV1_2, and httpsRedirect on a plain port. Ingress: every host under tls. Gateway API: listeners of protocol HTTPS or TLS.',
  examine: (object, folder) =>
    [inspectIstioGateways, inspectIngresses, inspectGatewayListeners].flatMap((inspect) =>
      inspect(object, folder),
    ),
};

export const strictMtls: Check = {
  id: 'strict-mtls',
  title:
    'Every PeerAuthentication demands mTLS; a single port may be excepted where NetworkPolicies guard it',
  reason:
    'Permissive takes plain text too: whoever reaches the pod needs no identity, and no AuthorizationPolicy knows who it is.',
  fix: 'Set mtls.mode to STRICT, and let portLevelMtls be PERMISSIVE only for a port of pods whose ingress NetworkPolicies close.',
  examine: overKinds(['PeerAuthentication.security.istio.io'], (object, folder) => {
    const spec = object.get('spec');
    const mode = spec.get('mtls').get('mode');
    const isGuarded = folder.workloads
      .filter(
        (workload) =>
          namespaceOf(workload) === namespaceOf(object) &&
          selects(spec.get('selector'), podLabelsOf(workload)),
      )
      .every((workload) => policiesOver(workload, folder).some((policy) => closes(policy, 'Ingress')));
    const ports = spec
      .get('portLevelMtls')
      .entries.map(([, port]) => port.get('mode'))
      .filter(({ value }) => value !== 'STRICT' && !(value === 'PERMISSIVE' && isGuarded));
    return [...(mode.value === 'STRICT' ? [] : [mode]), ...ports];
  }),
};

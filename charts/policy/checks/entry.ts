import { overKinds, type Check } from '../check';

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

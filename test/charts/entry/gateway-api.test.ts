import { Entry, type GatewayApiEntryInput, Network } from '../../../charts';
import { requestTimings } from '../../../gateway-app/contract/timings';
import { at, gatewayManifests, only } from '../gateway-chart';

const input: Required<GatewayApiEntryInput> = {
  certificate: { clusterIssuer: 'public-ca' },
  gatewayClass: 'eg',
};
const hosts = ['eu-west-1.llm.example.org', 'llm.example.org'];
const manifests = gatewayManifests({
  hosts,
  entry: Entry.gatewayApi(input),
  network: Network.policies({ ingressNamespace: 'edge' }),
});

it('wires every input', () => {
  expect(only(manifests, 'Gateway')).toMatchObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    metadata: { name: 'ai-gateway', namespace: 'edge' },
    spec: { gatewayClassName: 'eg' },
  });
  expect(only(manifests, 'Certificate')).toMatchObject({
    metadata: { namespace: 'edge' },
    spec: { dnsNames: hosts, issuerRef: { kind: 'ClusterIssuer', name: 'public-ca' } },
  });
});

it('listens for each name with TLS, for routes of the gateway’s namespace only', () => {
  expect(at(only(manifests, 'Gateway'), 'spec', 'listeners')).toEqual(
    hosts.map((hostname, index) => ({
      name: `https-${index + 1}`,
      hostname,
      port: 443,
      protocol: 'HTTPS',
      tls: { mode: 'Terminate', certificateRefs: [{ name: 'ai-gateway-tls' }] },
      allowedRoutes: {
        namespaces: {
          from: 'Selector',
          selector: { matchLabels: { 'kubernetes.io/metadata.name': 'ai-gateway' } },
        },
      },
    })),
  );
});

it('routes the API and the readiness check, for longer than the gateway takes', () => {
  const route = only(manifests, 'HTTPRoute');
  expect(route).toMatchObject({
    metadata: { namespace: 'ai-gateway' },
    spec: {
      parentRefs: [{ name: 'ai-gateway', namespace: 'edge' }],
      hostnames: hosts,
      rules: [
        {
          matches: [
            { path: { type: 'PathPrefix', value: '/v1/' } },
            { path: { type: 'Exact', value: '/health/ready' } },
          ],
          backendRefs: [{ name: 'ai-gateway', port: 8080 }],
        },
      ],
    },
  });
  const timeout = at(route, 'spec', 'rules', 0, 'timeouts', 'request') as string;
  expect(Number.parseInt(timeout, 10) * 1000).toBeGreaterThan(requestTimings.gatewayTotalMs);
});

it('changes neither the pods nor the network, which lets in the namespace of the proxies', () => {
  const plain = gatewayManifests({ network: Network.policies({ ingressNamespace: 'edge' }) });
  for (const [kind, name] of [
    ['Deployment', 'ai-gateway'],
    ['NetworkPolicy', 'ai-gateway'],
  ] as const) {
    expect(only(manifests, kind, name)).toEqual(only(plain, kind, name));
  }
});

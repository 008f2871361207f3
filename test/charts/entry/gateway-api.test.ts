import { type BackendAuthority, Entry, type GatewayApiEntryInput, Network, Secrets } from '../../../charts';
import { requestTimings } from '../../../gateway-app/contract/timings';
import { at, gatewayManifests, minimalProps, only } from '../gateway-chart';

const input: GatewayApiEntryInput = {
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

describe('in front of a gateway that speaks TLS', () => {
  const throughTls = (authority: BackendAuthority) =>
    gatewayManifests({
      hosts,
      entry: Entry.gatewayApi({ ...input, backendTls: { hostName: 'ai-gateway.ai-gateway.svc', authority } }),
      secrets: Secrets.existing('files'),
      config: { ...minimalProps.config, tls: { certFile: 'tls.crt', keyFile: 'tls.key' } },
    });

  it.each<[what: string, authority: BackendAuthority, written: object]>([
    [
      'of a ConfigMap',
      { caConfigMap: 'gateway-ca' },
      { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'gateway-ca' }] },
    ],
    ['of the proxies’ image', { wellKnown: 'System' }, { wellKnownCACertificates: 'System' }],
  ])('checks its certificate by name and by the authorities %s', (_, authority, written) => {
    const all = throughTls(authority);
    const policy = only(all, 'BackendTLSPolicy');
    expect(policy).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      metadata: { name: 'ai-gateway', namespace: 'ai-gateway' },
    });
    const service = only(all, 'Service');
    expect(at(policy, 'spec')).toEqual({
      targetRefs: [
        {
          group: '',
          kind: 'Service',
          name: at(service, 'metadata', 'name'),
          sectionName: at(service, 'spec', 'ports', 0, 'name'),
        },
      ],
      validation: { hostname: 'ai-gateway.ai-gateway.svc', ...written },
    });
    expect(at(service, 'spec', 'ports', 0, 'appProtocol')).toBe('https');
  });

  it('is not checked where it speaks plain HTTP', () => {
    expect(manifests.map(({ kind }) => kind)).not.toContain('BackendTLSPolicy');
  });
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

import { type AiGatewayProps, Network } from '../../charts';
import type { NetworkInput } from '../../charts';
import { at, gatewayManifests, minimalProps, only } from './gateway-chart';

type Providers = AiGatewayProps['config']['providers'];

const openai: Providers[number] = { name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1' };
const provider = (name: string, baseUrl: string): Providers[number] => ({ name, kind: 'openai', baseUrl });

function egressOf(providers: Providers, network: NetworkInput = {}): unknown[] {
  const manifests = gatewayManifests({
    network: Network.policies(network),
    config: {
      version: 1,
      providers,
      models: [{ name: 'model', targets: [{ provider: providers[0]!.name, model: 'model' }] }],
    },
  });
  return at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress') as unknown[];
}

const namespace = (name: string, ...ports: number[]) => ({
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }],
  ports: ports.map((port) => ({ protocol: 'TCP', port })),
});
const block = (cidr: string, ...ports: number[]) => ({
  to: [{ ipBlock: { cidr } }],
  ports: ports.map((port) => ({ protocol: 'TCP', port })),
});
const dns = {
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};
const outside = (port: number) => ({
  to: [
    {
      ipBlock: {
        cidr: '0.0.0.0/0',
        except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
      },
    },
  ],
  ports: [{ protocol: 'TCP', port }],
});

it('denies everything to every pod of the namespace first', () => {
  expect(at(only(gatewayManifests(), 'NetworkPolicy', 'ai-gateway-default-deny'), 'spec')).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
});

it('wires every input', () => {
  const input: Required<NetworkInput> = {
    ingressNamespace: 'edge',
    monitoringNamespace: 'watch',
    consumers: ['search'],
    egress: [
      { namespace: 'models', port: 8443 },
      { cidr: '10.20.0.0/16', port: 8000 },
    ],
  };
  const manifests = gatewayManifests({ network: Network.policies(input) });
  const spec = at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec');
  expect(spec).toMatchObject({
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } } }],
        ports: [{ protocol: 'TCP', port: 8080 }],
      },
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'search' } } }],
        ports: [{ protocol: 'TCP', port: 8080 }],
      },
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'watch' } } }],
        ports: [{ protocol: 'TCP', port: 9090 }],
      },
    ],
  });
  expect(egressOf([openai], input)).toEqual(
    expect.arrayContaining([namespace('models', 8443), block('10.20.0.0/16', 8000)]),
  );
});

it('opens for a provider that is added, and closes again when it is removed', () => {
  const before = egressOf([openai]);
  const added = provider('vllm', 'http://vllm.models.svc.cluster.local:8000/v1');
  expect(egressOf([openai, added])).toEqual([...before, namespace('models', 8000)]);
  expect(egressOf([openai])).toEqual(before);
});

it.each([
  ['https://api.openai.com/v1', outside(443)],
  ['https://llm.example.com:8443/v1', outside(8443)],
  ['http://vllm.models.svc:8000/v1', namespace('models', 8000)],
  ['https://vllm.models.svc.corp.example/v1', namespace('models', 443)],
  ['http://pod-0.vllm.models.svc.cluster.local/v1', namespace('models', 80)],
  ['http://vllm:8000/v1', namespace('ai-gateway', 8000)],
  ['https://example.com/v1', outside(443)],
  ['http://10.1.2.3/v1', block('10.1.2.3/32', 80)],
  ['https://10.1.2.3/v1', block('10.1.2.3/32', 443)],
  ['https://[fd00::7]:8443/v1', block('fd00::7/128', 8443)],
])('opens for %s just what it needs', (baseUrl, opening) => {
  expect(egressOf([provider('only', baseUrl)])).toEqual([dns, opening]);
});

it('opens the way to the keys of an issuer of tokens, and closes it with the issuer', () => {
  const withAccess = (access?: AiGatewayProps['config']['access']): unknown[] => {
    const config = { ...minimalProps.config, providers: [provider('up', 'http://vllm.models.svc/v1')] };
    const models = [{ name: 'm', targets: [{ provider: 'up', model: 'm' }] }];
    const manifests = gatewayManifests({ config: { ...config, models, ...(access && { access }) } });
    return at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress') as unknown[];
  };
  const jwt = (url: string) => ({
    kind: 'jwt' as const,
    issuer: url,
    audiences: ['a'],
    algorithms: ['ES256' as const],
    jwks: { url },
  });
  const before = withAccess();
  expect(withAccess([{ kind: 'keys' }, jwt('https://login.example.com/keys')])).toEqual(
    expect.arrayContaining([...before, outside(443)]),
  );
  expect(withAccess([jwt('https://dex.login.svc:5556/keys')])).toEqual(
    expect.arrayContaining([...before, namespace('login', 5556)]),
  );
  expect(JSON.stringify(before)).not.toContain('0.0.0.0/0');
});

it('opens for the collector of traces just what it needs', () => {
  const manifests = gatewayManifests({
    config: {
      ...minimalProps.config,
      tracing: { otlpUrl: 'http://otel-collector.observability.svc:4318/v1/traces' },
    },
  });
  expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress')).toEqual([
    dns,
    outside(443),
    namespace('observability', 4318),
  ]);
});

it('opens nothing to the outside where no provider is there', () => {
  expect(JSON.stringify(egressOf([provider('vllm', 'http://vllm.models.svc/v1')]))).not.toContain(
    '0.0.0.0/0',
  );
});

it('states each peer once, whatever the order of the input', () => {
  const a = provider('a', 'https://vllm.models.svc:9443/v1');
  const b = provider('b', 'https://tgi.models.svc/v1');
  const given = { egress: [{ namespace: 'models', port: 443 }] };
  expect(egressOf([a, b], given)).toEqual([dns, namespace('models', 443, 9443)]);
  expect(egressOf([b, a], given)).toEqual([dns, namespace('models', 443, 9443)]);
});

it('lets the minimal gateway out for its provider only', () => {
  expect(egressOf(minimalProps.config.providers as unknown as Providers)).toEqual([dns, outside(443)]);
});

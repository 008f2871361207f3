import { parse } from 'yaml';
import { type AiGatewayProps, Entry, type Manifest, Secrets } from '../../../charts';
import { at, gatewayManifests, minimalProps, nameOf, only } from '../gateway-chart';

type Config = AiGatewayProps['config'];
type Provider = Config['providers'][number];

const entry = Entry.istio({ certificate: { clusterIssuer: 'public-ca' } });
const openai: Provider = { name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1' };
const provider = (name: string, baseUrl: string): Provider => ({ name, kind: 'openai', baseUrl });

function meshed(providers: readonly Provider[], config: Partial<Config> = {}): Manifest[] {
  return gatewayManifests({
    entry,
    hosts: ['llm.example.org'],
    secrets: Secrets.existing('files'),
    config: {
      ...minimalProps.config,
      providers: [...providers],
      models: [{ name: 'm', targets: [{ provider: providers[0]!.name, model: 'm' }] }],
      ...config,
    },
  });
}

const ofKind = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest['kind'] === kind);
const knownTo = (manifests: readonly Manifest[]) =>
  at(only(manifests, 'Sidecar'), 'spec', 'egress', 0, 'hosts') as string[];
const always = ['./*', 'kube-system/kube-dns.kube-system.svc.cluster.local'];

describe('A provider that is added in the configuration', () => {
  const added = { ...provider('groq', 'https://api.groq.com:8443/v1'), apiKeyFile: 'groq-key' } as Provider;
  const before = meshed([openai]);
  const after = meshed([openai, added]);

  it('opens all that it needs, and nothing else changes', () => {
    const changed = after.filter((manifest) => !before.some((old) => same(old, manifest)));
    expect(changed.map((manifest) => `${String(manifest['kind'])} ${nameOf(manifest)}`).sort()).toEqual([
      'ConfigMap ai-gateway',
      'NetworkPolicy ai-gateway',
      'ServiceEntry ai-gateway-api.groq.com',
    ]);
    expect(at(only(after, 'ServiceEntry', 'ai-gateway-api.groq.com'), 'spec')).toEqual({
      exportTo: ['.'],
      location: 'MESH_EXTERNAL',
      hosts: ['api.groq.com'],
      resolution: 'DNS',
      ports: [{ name: 'tls-8443', number: 8443, protocol: 'TLS' }],
    });
    expect(JSON.stringify(at(only(after, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress'))).toContain(
      '8443',
    );
    expect(parse(at(only(after, 'ConfigMap', 'ai-gateway'), 'data', 'gateway.yaml') as string)).toMatchObject(
      {
        providers: [{ name: 'openai' }, { name: 'groq' }],
      },
    );
  });

  it('closes all of it when it is removed', () => {
    expect(meshed([openai])).toEqual(before);
    expect(JSON.stringify(before)).not.toMatch(/groq|8443/);
  });
});

describe('The mesh knows', () => {
  it.each([
    [
      'https://api.openai.com/v1',
      'ai-gateway-api.openai.com',
      { hosts: ['api.openai.com'], resolution: 'DNS' },
      'tls-443',
      'TLS',
    ],
    [
      'http://llm.corp.example.com/v1',
      'ai-gateway-llm.corp.example.com',
      { hosts: ['llm.corp.example.com'], resolution: 'DNS' },
      'http-80',
      'HTTP',
    ],
    [
      'https://10.1.2.3/v1',
      'ai-gateway-10.1.2.3',
      { addresses: ['10.1.2.3'], resolution: 'NONE' },
      'tcp-443',
      'TCP',
    ],
    [
      'http://[fd00::7]:8000/v1',
      'ai-gateway-fd00--7',
      { addresses: ['fd00::7'], resolution: 'NONE' },
      'tcp-8000',
      'TCP',
    ],
    [
      'http://[fd00::]:8000/v1',
      'ai-gateway-fd00--0',
      { addresses: ['fd00::'], resolution: 'NONE' },
      'tcp-8000',
      'TCP',
    ],
  ])('%s by a ServiceEntry', (baseUrl, name, fields, portName, protocol) => {
    const manifests = meshed([provider('only', baseUrl)]);
    expect(nameOf(only(manifests, 'ServiceEntry'))).toBe(name);
    expect(at(only(manifests, 'ServiceEntry'), 'spec')).toMatchObject({
      ...fields,
      ports: [{ name: portName, protocol }],
    });
    expect(knownTo(manifests)).toEqual(always);
  });

  it.each([
    ['https://vllm.models.svc.cluster.local/v1', 'models/vllm.models.svc.cluster.local'],
    ['http://vllm.models.svc:8000/v1', 'models/vllm.models.svc.cluster.local'],
    ['http://pod-0.vllm.models.svc.corp.example/v1', 'models/vllm.models.svc.corp.example'],
    ['http://vllm:8000/v1', 'ai-gateway/vllm.ai-gateway.svc.cluster.local'],
  ])('%s by its Service', (baseUrl, known) => {
    const manifests = meshed([provider('only', baseUrl)]);
    expect(knownTo(manifests).filter((host) => !always.includes(host))).toEqual([known]);
    expect(ofKind(manifests, 'ServiceEntry')).toEqual([]);
  });

  it('each host once, whatever the order of the input', () => {
    const a = provider('a', 'https://llm.example.com:9443/v1');
    const b = provider('b', 'https://llm.example.com/v1');
    const entries = (providers: Provider[]) => ofKind(meshed(providers), 'ServiceEntry');
    expect(entries([a, b])).toEqual(entries([b, a]));
    expect(at(entries([a, b])[0]!, 'spec', 'ports')).toMatchObject([{ number: 443 }, { number: 9443 }]);
  });

  it.each([
    [{ host: 'cache.example.com', tls: true }, 'TLS'],
    [{ host: 'cache.example.com' }, 'TCP'],
  ])('a store at %j', (where, protocol) => {
    const manifests = meshed([openai], { store: { kind: 'redis', ...where } });
    expect(at(only(manifests, 'ServiceEntry', 'ai-gateway-cache.example.com'), 'spec', 'ports')).toEqual([
      { name: `${protocol.toLowerCase()}-6379`, number: 6379, protocol },
    ]);
  });

  it('a store in the cluster by its Service', () => {
    const manifests = meshed([openai], { store: { kind: 'redis', host: 'redis.blue.svc' } });
    expect(knownTo(manifests)).toContain('blue/redis.blue.svc.cluster.local');
  });
});

describe('The proxy repeats no request to a provider', () => {
  const routesTo = (baseUrl: string) =>
    ofKind(meshed([provider('only', baseUrl)]), 'VirtualService').filter(
      (manifest) => nameOf(manifest) !== 'ai-gateway',
    );

  it.each([
    ['http://vllm.models.svc:8000/v1', 'vllm.models.svc.cluster.local', 8000],
    ['http://llm.corp.example.com/v1', 'llm.corp.example.com', 80],
  ])('%s, whose HTTP it can read', (baseUrl, host, number) => {
    expect(routesTo(baseUrl).map((manifest) => at(manifest, 'spec'))).toEqual([
      {
        exportTo: ['.'],
        hosts: [host],
        http: [
          {
            match: [{ port: number }],
            route: [{ destination: { host, port: { number } } }],
            retries: { attempts: 0 },
          },
        ],
      },
    ]);
  });

  it.each(['https://vllm.models.svc/v1', 'https://api.openai.com/v1', 'http://10.1.2.3/v1'])(
    '%s, which it passes on unread',
    (baseUrl) => {
      expect(routesTo(baseUrl)).toEqual([]);
    },
  );
});

it('lets out nowhere but there', () => {
  expect(at(only(meshed([openai]), 'Sidecar'), 'spec', 'outboundTrafficPolicy')).toEqual({
    mode: 'REGISTRY_ONLY',
  });
});

function same(left: Manifest, right: Manifest): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

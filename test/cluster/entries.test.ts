/** What the reference does not choose: the entries with every input, judged by a real API server. */
import {
  Admin,
  type AiGatewayProps,
  type BackendAuthority,
  Entry,
  MeshScrape,
  Network,
  Secrets,
} from '../../charts';
import { gatewayManifests, minimalProps } from '../charts/gateway-chart';
import { type Cluster, clusterPrograms, openCluster } from '../support/cluster';
import { addMissingNamespaces } from '../support/missing-namespaces';
import { describeWith } from '../support/programs';
import { type Folder, type Manifest, writeFolder, type WrittenFolder } from '../support/reference-manifests';

const certificate = { issuer: 'own-ca' };
const provider = (name: string, baseUrl: string) => ({ name, kind: 'openai', baseUrl }) as const;

/** A host of each form that a configuration may name. */
const providers = [
  provider('public', 'https://api.openai.com/v1'),
  provider('in-clear', 'http://llm.corp.example.com/v1'),
  provider('service', 'http://vllm.models.svc:8000/v1'),
  provider('ipv4', 'https://10.1.2.3/v1'),
  provider('ipv6', 'http://[fd00::7]:8000/v1'),
];

const entries: [name: string, props: Partial<AiGatewayProps>][] = [
  [
    'istio',
    {
      entry: Entry.istio({
        certificate,
        admin: Admin.viaIngress(),
        scrape: MeshScrape.meshCertificate({ serviceAccount: 'prometheus-k8s' }),
      }),
      secrets: Secrets.existing('files'),
      config: {
        ...minimalProps.config,
        providers: [...providers],
        models: [{ name: 'm', targets: [{ provider: 'public', model: 'm' }] }],
        admin: {
          tokenFile: 'admin-token',
          allowlist: ['203.0.113.0/24', '2001:db8::/32'],
          trustedProxyHops: 1,
        },
      },
    },
  ],
  ['gateway-api', { entry: Entry.gatewayApi({ certificate, gatewayClass: 'eg' }) }],
  ...Object.entries<BackendAuthority>({
    'gateway-api-tls': { caConfigMap: 'gateway-ca' },
    'gateway-api-tls-system': { wellKnown: 'System' },
  }).map(([name, authority]): [string, Partial<AiGatewayProps>] => [
    name,
    {
      entry: Entry.gatewayApi({
        certificate,
        gatewayClass: 'eg',
        backendTls: { hostName: `ai-gateway.entry-${name}.svc`, authority },
      }),
      secrets: Secrets.existing('files'),
      config: { ...minimalProps.config, tls: { certFile: 'tls.crt', keyFile: 'tls.key' } },
    },
  ]),
];

describeWith(clusterPrograms, 'An API server', () => {
  describe.each(entries)('given a gateway behind %s', (name, props) => {
    const folder: Folder = {
      name,
      manifests: gatewayManifests({
        namespace: `entry-${name}`,
        hosts: ['eu-west-1.llm.example.org', 'llm.example.org'],
        network: Network.policies({ ingressNamespace: 'edge', consumers: ['search'] }),
        ...props,
      }) as unknown as Manifest[],
    };
    const cleanUps: (() => void | Promise<void>)[] = [];
    let files: WrittenFolder;
    let cluster: Cluster;

    beforeAll(async () => {
      files = writeFolder(folder);
      cleanUps.push(files.remove);
      cluster = await openCluster(files.path);
      cleanUps.push(cluster.release, await addMissingNamespaces(cluster.kubectl, folder));
    }, 120_000);
    afterAll(async () => {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    }, 300_000);

    it('accepts all of it, without a warning', async () => {
      const applied = await cluster.kubectl.run([
        'apply',
        '--server-side',
        '--validate=strict',
        '-f',
        files.path,
      ]);
      expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
    });

    it('stores what the files say', async () => {
      const diff = await cluster.kubectl.run(['diff', '--server-side', '-f', files.path]);
      expect(diff).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    });
  });
});

/** Choices that the reference does not make, judged by a real API server as its own are in manifests.test.ts. */
import { Delivery } from '../../charts/config/delivery';
import production from '../../charts/config/environments/production';
import type { EnvironmentInput } from '../../charts/config/types';
import { synthesize } from '../../charts/synthesize';
import { type Cluster, clusterPrograms, openCluster } from '../support/cluster';
import { addMissingNamespaces } from '../support/missing-namespaces';
import { describeWith } from '../support/programs';
import { type Folder, writeFolder } from '../support/reference-manifests';

/** As many choices as fit into one environment, since each one takes a server of its own. */
const others: EnvironmentInput = {
  ...production,
  delivery: Delivery.argoCd({
    repository: 'https://git.example.com/team/manifests.git',
    clusters: { primary: 'in-cluster', secondary: 'west' },
  }),
  autoscaling: { inFlight: { prometheus: 'http://prometheus-operated.monitoring.svc:9090' } },
  secrets: {
    externalSecrets: {
      vault: {
        server: 'https://vault.example.com:8200',
        role: 'ai-gateway',
        caCertificate: '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n',
      },
    },
  },
};

describeWith(clusterPrograms, 'An API server given what else can be chosen', () => {
  const folders = synthesize(others).folders as unknown as readonly [Folder, Folder, Folder];
  const [region, , global] = folders;
  // As on a cluster that is a region, and that Argo CD runs in.
  const folder = { ...region, manifests: [...region.manifests, ...global.manifests] };
  const files = writeFolder(folder);
  const cleanUps: (() => void | Promise<void>)[] = [files.remove];
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await openCluster(files.path);
    cleanUps.push(cluster.release, await addMissingNamespaces(cluster.kubectl, folder));
  }, 120_000);
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }, 300_000);

  it('accepts all of it at the first try, without a warning, and then sees no difference', async () => {
    expect(folder.manifests.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ScaledObject', 'SecretStore', 'AppProject', 'ApplicationSet']),
    );
    expect(
      await cluster.kubectl.run(['apply', '--server-side', '--validate=strict', '-f', files.path]),
    ).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await cluster.kubectl.run(['diff', '--server-side', '-f', files.path])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  }, 60_000);
});

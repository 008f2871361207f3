/** Every kind of failover, judged by a real API server: those that the reference does not choose, and more than two regions. */
import { Failover, type FailoverInput, type EnvironmentInput, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { type Cluster, clusterPrograms, openCluster } from '../support/cluster';
import { addMissingNamespaces } from '../support/missing-namespaces';
import { describeWith } from '../support/programs';
import { type Folder, writeFolder } from '../support/reference-manifests';

const hostedZone = { domain: 'example.com', id: 'Z0123456789EXAMPLE' };
const arn = 'arn:aws:route53-recovery-control::123456789012:controlpanel/0a1b/routingcontrol/2c3d';

const approved: FailoverInput = {
  enabled: true,
  autoFailover: false,
  manualApproval: true,
  by: Failover.route53({ hostedZone, routingControls: { primary: arn, secondary: arn } }),
};

const byK8gb: FailoverInput = {
  enabled: true,
  autoFailover: true,
  manualApproval: false,
  by: Failover.k8gb({ route: { kind: 'HTTPRoute', name: 'gateway' } }),
};

const third = { region: 'eu-west-1', replicas: 2, priority: 1 };

const cases: readonly [string, string, Partial<EnvironmentInput>][] = [
  ['an approval by a person', 'global', { failover: approved }],
  ['three regions', 'global', { regions: { ...production.regions, third } }],
  ['k8gb', 'us-west-2', { failover: byK8gb }],
];

describeWith(clusterPrograms, 'An API server', () => {
  const folders = cases.map(([, name, fields], index) => {
    // Apart, since a record's name is immutable and the cases give the same record different ones.
    const environment = { ...production, ...fields, namespace: `case-${index}` };
    const found = synthesize(environment).folders.find((folder) => folder.name === name);
    return found as unknown as Folder;
  });
  // One server for all: most of the time goes into its start and its CRDs.
  const all = writeFolder({ name: 'all', manifests: folders.flatMap(({ manifests }) => manifests) });
  const cleanUps: (() => void | Promise<void>)[] = [all.remove];
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await openCluster(all.path);
    cleanUps.push(cluster.release);
    for (const folder of folders) cleanUps.push(await addMissingNamespaces(cluster.kubectl, folder));
  }, 180_000);
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }, 180_000);

  it.each(cases.map(([what], index) => [what, index] as const))(
    'given %s accepts all of it strictly, and sees nothing left to change',
    async (_what, index) => {
      const files = writeFolder(folders[index]!);
      try {
        // The next case may state what this one has written.
        const apply = ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', files.path];
        expect(await cluster.kubectl.run(apply)).toMatchObject({ exitCode: 0, stderr: '' });
        const diff = await cluster.kubectl.run(['diff', '--server-side', '-f', files.path]);
        expect(diff).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      } finally {
        files.remove();
      }
    },
    120_000,
  );
});

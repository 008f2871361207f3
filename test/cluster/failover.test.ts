/** Every kind of failover, judged by a real API server: those that the reference does not choose, and more than two regions. */
import { Failover, type FailoverInput, type EnvironmentInput, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { type Cluster, clusterPrograms, openCluster } from '../support/cluster';
import { describeWith } from '../support/programs';
import { type Folder, writeFolder, type WrittenFolder } from '../support/reference-manifests';

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
  describe.each(cases)('given %s', (_what, name, fields) => {
    const { folders } = synthesize({ ...production, ...fields });
    const folder = folders.find((candidate) => candidate.name === name) as unknown as Folder;
    let files: WrittenFolder;
    let cluster: Cluster;

    beforeAll(async () => {
      files = writeFolder(folder);
      cluster = await openCluster(files.path);
    }, 120_000);
    afterAll(async () => {
      await cluster.release();
      files.remove();
    }, 120_000);

    it('accepts all of it strictly, and sees nothing left to change', async () => {
      const applied = await cluster.kubectl.run([
        'apply',
        '--server-side',
        '--validate=strict',
        '-f',
        files.path,
      ]);
      expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
      const diff = await cluster.kubectl.run(['diff', '--server-side', '-f', files.path]);
      expect(diff).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    });
  });
});

/** docs/upgrade.md, "What is no longer written": an ApplySet removes what left the output, and nothing besides. */
import { resolve } from 'node:path';
import production from '../../charts/config/environments/production';
import type { BackupInput } from '../../charts/config/backup-types';
import type { EnvironmentInput } from '../../charts/config/types';
import { clusterPrograms } from '../support/cluster';
import type { KubectlResult } from '../support/kubectl';
import { describeWith } from '../support/programs';
import type { Manifest } from '../support/reference-manifests';
import { identityOf, openForTwoVersions, type TwoVersions } from '../support/two-versions';

const page = resolve(__dirname, '../../docs/upgrade');
const kind = `${page}/applied-folder-kind.yaml`;
const parents = `${page}/applied-folders.yaml`;

/** With one provider more than the reference, and scaled by KEDA. */
const before: EnvironmentInput = {
  ...production,
  autoscaling: { inFlight: { prometheus: 'http://prometheus-operated.monitoring.svc:9090' } },
  config: {
    ...production.config,
    providers: [
      ...production.config.providers,
      { name: 'given-up', kind: 'openai', baseUrl: 'https://api.given-up.example.com/v1' },
    ],
  },
};

/** Without the logs' copy, which has a namespace of its own. */
const { buckets, objects, secrets, metrics } = production.backup as Required<BackupInput>;
const after: EnvironmentInput = { ...production, backup: { buckets, objects, secrets, metrics } };

const bystander = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'of-somebody-else', namespace: 'ai-gateway' },
});

describeWith(clusterPrograms, 'kubectl with an ApplySet', () => {
  let versions: TwoVersions;
  let first: KubectlResult;
  let rehearsed: KubectlResult;
  let second: KubectlResult;

  beforeAll(async () => {
    versions = await openForTwoVersions(before, after);
    const { kubectl } = versions.cluster;
    process.env['KUBECTL_APPLYSET'] = 'true';
    await kubectl.mustRun(['apply', '--server-side', '-f', kind]);
    await kubectl.mustRun(['wait', '--for=condition=Established', '-f', kind]);
    await kubectl.mustRun(['apply', '--server-side', '--field-manager=kubectl-applyset', '-f', parents]);
    const applySet = '--applyset=appliedfolders.ai-gateway.example.com/region';
    const apply = ['apply', '--server-side', '--validate=strict', '--prune', applySet, '-f'];
    first = await kubectl.run([...apply, versions.paths.earlier]);
    await kubectl.mustRun(['apply', '--server-side', '-f', '-'], bystander);
    rehearsed = await kubectl.run([...apply, versions.paths.later, '--dry-run=server']);
    second = await kubectl.run([...apply, versions.paths.later]);
  }, 400_000);
  afterAll(async () => {
    delete process.env['KUBECTL_APPLYSET'];
    await versions.cluster.kubectl.run(['delete', '-f', kind, '--ignore-not-found']);
    await versions.release();
  }, 300_000);

  const identities = (manifests: readonly Manifest[]) => manifests.map(identityOf).sort();

  it('takes the parent of the page as it is', () => {
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).not.toContain('pruned');
  });

  it('removes what is no longer written', () => {
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain(
      'serviceentry.networking.istio.io/ai-gateway-api.given-up.example.com pruned',
    );
    expect(second.stdout).toContain('scaledobject.keda.sh/ai-gateway pruned');
    expect(second.stdout).toContain('opentelemetrycollector.opentelemetry.io/ai-gateway-logs pruned');
  });

  it('tells before what it would remove', () => {
    const pruned = (result: KubectlResult) => result.stdout.match(/^\S+ pruned/gm)?.sort();
    expect(pruned(rehearsed)).toEqual(pruned(second));
  });

  it('removes a Namespace as anything else', () => {
    expect(second.stdout).toContain('namespace/ai-gateway-logs pruned');
  });

  it('leaves all that is written, and what it did not apply itself', async () => {
    const { cluster, later, paths } = versions;
    const found = await cluster.kubectl.mustRun([
      'get',
      '-f',
      paths.both,
      '--ignore-not-found',
      '--output=json',
    ]);
    const { items } = JSON.parse(found) as {
      items: (Manifest & { metadata: { deletionTimestamp?: string } })[];
    };
    // Without its controller a deleted namespace stays, and says that it is being deleted.
    const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    expect(identities(living)).toEqual(identities(later.manifests));
    await cluster.kubectl.mustRun(['get', '-f', '-'], bystander);
  });

  it('loses the objects that are applied without it', async () => {
    const { cluster, paths } = versions;
    await cluster.kubectl.mustRun(['apply', '--server-side', '-f', paths.later]);
    const members = await cluster.kubectl.mustRun([
      'get',
      'deployments,services',
      '--all-namespaces',
      '--selector=applyset.kubernetes.io/part-of',
      '--output=name',
    ]);
    expect(members).toBe('');
  });
});

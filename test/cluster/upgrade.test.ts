/** docs/upgrade.md: an older output is followed by a newer one, on a real API server. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Store } from '../../charts';
import production from '../../charts/config/environments/production';
import type { EnvironmentInput } from '../../charts/config/types';
import { clusterPrograms } from '../support/cluster';
import type { Kubectl, KubectlResult } from '../support/kubectl';
import { describeWith } from '../support/programs';
import { openForTwoVersions, type TwoVersions } from '../support/two-versions';

const handOverFile = resolve(__dirname, '../../docs/upgrade/hand-over.yaml');
const apply = ['apply', '--server-side', '--validate=strict'];
const byHandOver = ['apply', '--server-side', '--field-manager=hand-over'];
const succeeded = { exitCode: 0, stderr: '' };

const withStore = (tag: string, memory: Size): EnvironmentInput['config'] => ({
  ...production.config,
  store: Store.inCluster({
    image: { registry: 'registry.example.com', repository: 'valkey', tag },
    passwordFile: 'redis-password',
    memory,
  }),
});

const { primary, secondary } = production.regions as unknown as Required<
  Pick<EnvironmentInput['regions'], 'primary' | 'secondary'>
>;

const before: EnvironmentInput = {
  ...production,
  image: { repository: 'api-gateway', tag: 'v2.0.0' },
  resources: {
    cpu: { request: Cpu.millis(250), limit: Cpu.millis(1000) },
    memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
  },
  autoscaling: { maxReplicas: 10, targetCpuPercent: 50 },
  regions: { primary: { ...primary, replicas: 2, labels: { 'cost-center': 'old' } }, secondary },
  config: {
    ...withStore('8.0', Size.mebibytes(128)),
    providers: production.config.providers.filter(({ name }) => name === 'openai'),
    models: production.config.models.filter(({ name }) => name === 'gpt-4o-mini'),
  },
};

const after: EnvironmentInput = { ...production, config: withStore('8.1', Size.mebibytes(256)) };

interface Live {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly managedFields: readonly {
      readonly manager: string;
      readonly fieldsV1: { readonly 'f:spec'?: { readonly 'f:replicas'?: object } };
    }[];
  };
  readonly spec: {
    readonly replicas: number;
    readonly selector: object;
    readonly minReplicas: number;
    readonly template: {
      readonly spec: { readonly containers: readonly [{ image: string; resources: object }] };
    };
  };
}

describeWith(clusterPrograms, 'An older output, followed by a newer one', () => {
  let versions: TwoVersions;
  let kubectl: Kubectl;
  const namespace = 'ai-gateway-drafts';

  beforeAll(async () => {
    versions = await openForTwoVersions(before, after);
    ({ kubectl } = versions.cluster);
    await kubectl.mustRun(['create', 'namespace', namespace]);
  }, 120_000);
  afterAll(async () => {
    await kubectl.run(['delete', 'namespace', namespace, '--wait=false']);
    await versions.release();
  }, 300_000);

  const live = async (kind: string, name: string, where = 'ai-gateway'): Promise<Live> =>
    JSON.parse(
      await kubectl.mustRun(['-n', where, 'get', kind, name, '--show-managed-fields', '--output=json']),
    ) as Live;

  describe('of the whole region', () => {
    const seen: Record<'earlier' | 'later', { deployment: Live; store: Live; autoscaler: Live }> =
      {} as never;
    let upgrade: KubectlResult;

    const look = async () => ({
      deployment: await live('deployment', 'ai-gateway'),
      store: await live('statefulset', 'ai-gateway-store'),
      autoscaler: await live('hpa', 'ai-gateway'),
    });

    beforeAll(async () => {
      await kubectl.mustRun([...apply, '-f', versions.paths.earlier]);
      const deployment = versions.earlier.manifests.find(({ kind }) => kind === 'Deployment');
      // As a draft states it that does not leave the number to the autoscaler.
      const draft = { ...deployment, spec: { ...deployment?.spec, replicas: 3 } };
      await kubectl.mustRun([...apply, '-f', '-'], JSON.stringify(draft));
      seen.earlier = await look();
      await kubectl.mustRun([...byHandOver, '-f', handOverFile]);
      upgrade = await kubectl.run([...apply, '-f', versions.paths.later]);
      seen.later = await look();
    }, 120_000);

    it('meets no immutable field and no conflict', () => {
      expect(upgrade).toMatchObject(succeeded);
    });

    it('arrives: nothing is left to change', async () => {
      expect(await kubectl.run(['diff', '--server-side', '-f', versions.paths.later])).toEqual({
        ...succeeded,
        stdout: '',
      });
    });

    it('changes what was changed', () => {
      const [container] = seen.later.deployment.spec.template.spec.containers;
      expect(seen.earlier.deployment.spec.template.spec.containers[0].image).toMatch(/:v2\.0\.0$/);
      expect(container.image).toMatch(/:v2\.1\.0$/);
      expect(container.resources).toMatchObject({ limits: { cpu: '2', memory: '2Gi' } });
      expect(seen.earlier.deployment.metadata.labels).toHaveProperty('cost-center', 'old');
      expect(seen.later.deployment.metadata.labels).not.toHaveProperty('cost-center');
      expect([seen.earlier.autoscaler.spec.minReplicas, seen.later.autoscaler.spec.minReplicas]).toEqual([
        2, 3,
      ]);
      expect(seen.earlier.store.spec.template.spec.containers[0].resources).toMatchObject({
        limits: { memory: '128Mi' },
      });
      expect(seen.later.store.spec.template.spec.containers[0].resources).toMatchObject({
        limits: { memory: '256Mi' },
      });
    });

    it('finds the same pods as before', () => {
      expect(seen.later.deployment.spec.selector).toEqual(seen.earlier.deployment.spec.selector);
      expect(seen.later.store.spec.selector).toEqual(seen.earlier.store.spec.selector);
    });

    it('keeps the 3 pods of a draft that stated them', () => {
      expect([seen.earlier.deployment.spec.replicas, seen.later.deployment.spec.replicas]).toEqual([3, 3]);
    });

    it('leaves their number to the autoscaler from its first change on', async () => {
      await kubectl.mustRun(['-n', 'ai-gateway', 'scale', 'deployment/ai-gateway', '--replicas=5']);
      expect(await kubectl.run([...apply, '-f', versions.paths.later])).toMatchObject(succeeded);
      const { spec, metadata } = await live('deployment', 'ai-gateway');
      expect(spec.replicas).toBe(5);
      const owners = metadata.managedFields.filter(({ fieldsV1 }) => fieldsV1['f:spec']?.['f:replicas']);
      expect(owners).toEqual([expect.objectContaining({ subresource: 'scale' })]);
    });

    it('goes back the same way, and keeps them then too', async () => {
      expect(await kubectl.run([...apply, '-f', versions.paths.earlier])).toMatchObject(succeeded);
      const { spec } = await live('deployment', 'ai-gateway');
      expect(spec.replicas).toBe(5);
      expect(spec.template.spec.containers[0].image).toMatch(/:v2\.0\.0$/);
    });
  });

  describe('that no longer states replicas', () => {
    type Way = (name: string) => Promise<void>;
    const draft = (name: string, image: string, replicas?: number) =>
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace },
        spec: {
          replicas,
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }] } },
        },
      });
    const quietly = async (args: readonly string[], input?: string) => {
      expect(await kubectl.run(args, input)).toMatchObject(succeeded);
    };
    const clientSide: Way = (name) => quietly(['apply', '-f', '-'], draft(name, 'app:1', 3));
    const serverSide: Way = (name) => quietly([...apply, '-f', '-'], draft(name, 'app:1', 3));
    const scaled: Way = (name) => quietly(['-n', namespace, 'scale', `deployment/${name}`, '--replicas=7']);
    const handedOver: Way = (name) => {
      const file = readFileSync(handOverFile, 'utf8');
      return quietly(
        [...byHandOver, '-f', '-'],
        file.replace(/(name|namespace): .*/g, (_, key: string) =>
          key === 'name' ? `name: ${name}` : `namespace: ${namespace}`,
        ),
      );
    };
    const removed: Way = (name) => quietly([...apply, '-f', '-'], draft(name, 'app:2'));
    const removedByClient: Way = (name) => quietly(['apply', '-f', '-'], draft(name, 'app:2'));

    const cases: [name: string, replicas: number, ways: Way[]][] = [
      ['client-alone', 1, [clientSide, removedByClient]],
      ['client-after-autoscaler', 1, [clientSide, scaled, removedByClient]],
      ['client-then-server', 1, [clientSide, removed]],
      ['client-handed-over', 3, [clientSide, serverSide, handedOver, removed]],
      ['server-alone', 1, [serverSide, removed]],
      ['server-after-autoscaler', 7, [serverSide, scaled, removed]],
      ['server-handed-over', 3, [serverSide, handedOver, removed]],
    ];

    it.each(cases)('%s: runs %i afterwards', async (name, replicas, ways) => {
      for (const way of ways) await way(name);
      const { spec } = await live('deployment', name, namespace);
      expect(spec.replicas).toBe(replicas);
      expect(spec.template.spec.containers[0].image).toBe('app:2');
    });

    it('refuses to hand over a number that the autoscaler has changed', async () => {
      await serverSide('stale');
      await scaled('stale');
      await expect(handedOver('stale')).rejects.toThrow();
      expect((await live('deployment', 'stale', namespace)).spec.replicas).toBe(7);
    });
  });
});

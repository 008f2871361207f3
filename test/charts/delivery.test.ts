import {
  type ArgoCdInput,
  Delivery,
  type EnvironmentInput,
  Failover,
  type Manifest,
  synthesize,
  validateManifests,
} from '../../charts';
import production from '../../charts/config/environments/production';
import { at, nameOf, only } from './gateway-chart';

const input: Required<ArgoCdInput> = {
  repository: 'https://git.example.org/platform/manifests.git',
  revision: 'release-7',
  path: 'clusters/gateway',
  clusters: { primary: 'east', secondary: 'west' },
  namespace: 'deliverer',
  name: 'gateway-live',
};

function synthesized(fields: Partial<EnvironmentInput>) {
  const { folders, warnings } = synthesize({ ...production, ...fields });
  const named = (wanted: string) => folders.find(({ name }) => name === wanted)?.manifests;
  return { global: named('global') ?? [], primary: named('us-east-1') ?? [], warnings: warnings.join('\n') };
}

const namespaceOf = (manifest: Manifest) => at(manifest, 'metadata', 'namespace');
const namespacesIn = (manifests: readonly Manifest[]) => [
  ...new Set(
    manifests.flatMap((manifest) =>
      manifest['kind'] === 'Namespace' ? [nameOf(manifest)] : [namespaceOf(manifest)],
    ),
  ),
];

describe('Delivery.argoCd', () => {
  const { global, primary, warnings } = synthesized({ delivery: Delivery.argoCd(input) });
  const project = only(global, 'AppProject');
  const applications = only(global, 'ApplicationSet');

  it('wires every input', () => {
    for (const object of [project, applications]) {
      expect([nameOf(object), namespaceOf(object)]).toEqual(['gateway-live', 'deliverer']);
    }
    expect(at(project, 'spec', 'sourceRepos')).toEqual([input.repository]);
    expect(at(applications, 'spec', 'template')).toMatchObject({
      metadata: { name: 'gateway-live-{{.region}}', labels: { region: '{{.region}}' } },
      spec: {
        project: 'gateway-live',
        source: {
          repoURL: input.repository,
          targetRevision: 'release-7',
          path: 'clusters/gateway/{{.region}}',
        },
        destination: { name: '{{.cluster}}', namespace: 'ai-gateway' },
        syncPolicy: { automated: { prune: true }, syncOptions: ['ServerSideApply=true'] },
      },
    });
  });

  it('delivers to whoever stands by first, and to the rest by rising priority', () => {
    const { regions } = production;
    const third = { region: 'eu-west-1', replicas: 2, priority: 70 };
    const { global: ofThree } = synthesized({
      regions: { ...regions, third },
      delivery: Delivery.argoCd({ ...input, clusters: { ...input.clusters, third: 'europe' } }),
    });
    const spec = at(only(ofThree, 'ApplicationSet'), 'spec');
    const step = (region: string) => ({
      matchExpressions: [{ key: 'region', operator: 'In', values: [region] }],
    });
    expect(spec).toMatchObject({
      generators: [
        {
          list: {
            elements: [
              { region: 'us-west-2', cluster: 'west' },
              { region: 'eu-west-1', cluster: 'europe' },
              { region: 'us-east-1', cluster: 'east' },
            ],
          },
        },
      ],
      strategy: {
        type: 'RollingSync',
        rollingSync: { steps: [step('us-west-2'), step('eu-west-1'), step('us-east-1')] },
      },
    });
  });

  it('lets the project reach the namespaces and cluster-wide kinds of the folders, and nothing else', () => {
    const destinations = at(project, 'spec', 'destinations') as { name: string; namespace: string }[];
    const inEast = destinations.filter(({ name }) => name === 'east').map(({ namespace }) => namespace);
    expect(inEast.sort()).toEqual(namespacesIn(primary).filter(Boolean).sort());
    expect(inEast).not.toContain('*');
    expect(new Set(destinations.map(({ name }) => name))).toEqual(new Set(['east', 'west']));
    expect(at(project, 'spec', 'clusterResourceWhitelist')).toEqual([
      { group: '', kind: 'Namespace' },
      { group: 'scheduling.k8s.io', kind: 'PriorityClass' },
    ]);
  });

  it('never prunes a namespace, and deletes no gateway with its Application', () => {
    const namespaces = primary.filter(({ kind }) => kind === 'Namespace');
    expect(namespaces.length).toBeGreaterThan(1);
    for (const namespace of namespaces) {
      expect(at(namespace, 'metadata', 'annotations')).toEqual({
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      });
    }
    expect(at(applications, 'spec', 'syncPolicy')).toEqual({
      applicationsSync: 'create-update',
      preserveResourcesOnDeletion: true,
    });
  });

  it('keeps the policy', () => {
    expect(validateManifests(global)).toEqual([]);
  });

  it('states no replicas that the autoscaler would have to defend', () => {
    expect(at(only(primary, 'Deployment'), 'spec', 'replicas')).toBeUndefined();
  });

  it('tells what must be there, and that the reference address is nobody’s', () => {
    expect(warnings).toContain('progressive.syncs');
    expect(warnings).toContain(`delivery: repository ${input.repository} stands for your own`);
    const real = synthesized({
      delivery: Delivery.argoCd({ ...input, repository: 'git@git.acme.io:team/manifests.git' }),
    });
    expect(real.warnings).not.toContain('delivery: repository');
    expect(
      synthesized({ delivery: Delivery.argoCd({ ...input, repository: 'git@git.example.com:team/m.git' }) })
        .warnings,
    ).toContain('delivery: repository git@git.example.com:team/m.git stands for your own');
  });
});

it('Delivery.argoCd has a folder of its own where nothing else is global', () => {
  const { repository, clusters } = input;
  const { global } = synthesized({
    failover: {
      ...production.failover!,
      enabled: true,
      autoFailover: true,
      manualApproval: false,
      by: Failover.none(),
    },
    delivery: Delivery.argoCd({ repository, clusters }),
  });
  expect(global.map((object) => [object['kind'], namespaceOf(object), nameOf(object)])).toEqual([
    ['AppProject', 'argocd', 'ai-gateway'],
    ['ApplicationSet', 'argocd', 'ai-gateway'],
  ]);
});

it('Delivery.none writes nothing, as does an absent delivery', () => {
  const none = synthesized({ delivery: Delivery.none() });
  expect(none).toEqual(synthesized({}));
  expect(none.global.map(({ kind }) => kind)).not.toContain('AppProject');
  expect(at(only(none.primary, 'Namespace', 'ai-gateway'), 'metadata', 'annotations')).toBeUndefined();
});

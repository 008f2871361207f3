import { Size } from 'cdk8s';
import production from '../../charts/config/environments/production';
import { validateManifests } from '../../charts/policy/validate-manifests';
import { synthesize } from '../../charts/synthesize';
import { breaks } from './breaks';
import { withChanges, type Fields } from './changes';

const imageRegistries = ['registry.example.com'];

/** The log collector's namespace can keep no exception away: it must admit folders of the node. */
const { logs: _readsTheNode, ...backup } = production.backup!;

/** Production as it is once nothing needs an exception any more. */
const [released] = synthesize({
  ...production,
  backup,
  image: {
    ...production.image,
    registry: 'registry.example.com',
    digest: `sha256:${'ab'.repeat(32)}`,
  },
  resources: { memory: { request: Size.gibibytes(2), limit: Size.gibibytes(2) } },
  exceptions: [],
}).folders;

const folder = (): Fields[] => structuredClone(released!.manifests) as Fields[];
const checkIdsIn = (objects: readonly Fields[]) => [
  ...new Set(validateManifests(objects, { imageRegistries }).map(({ checkId }) => checkId)),
];

it('production keeps every check but those that its exceptions name', () => {
  const { folders, policy } = synthesize(production);
  const broken = folders.map(({ manifests }) => [
    ...new Set(validateManifests(manifests).map(({ checkId }) => checkId)),
  ]);
  expect(broken).toEqual([
    ['image-tag-and-digest', 'image-registry', 'memory-request-equals-limit', 'pod-security-enforced'],
    ['image-tag-and-digest', 'image-registry', 'memory-request-equals-limit', 'pod-security-enforced'],
    [],
  ]);
  expect(folders.flatMap(({ manifests }) => validateManifests(manifests, policy))).toEqual([]);
});

it('a released production with memory requested in full keeps every check', () => {
  expect(checkIdsIn(folder())).toEqual([]);
});

describe.each(Object.entries(breaks))('in production, %s', (checkId, list) => {
  it.each(list)('alone notices %s', (_what, change) => {
    const objects = folder();
    change(objects);
    expect(checkIdsIn(objects)).toEqual([checkId]);
  });
});

it('an AND of namespace and pods in one peer is what it should be', () => {
  const objects = folder();
  const openings = objects.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && (metadata as Fields)['name'] === 'ai-gateway',
  );
  withChanges(openings!, {
    'spec.ingress[0].from[0].podSelector': { matchLabels: { istio: 'ingressgateway' } },
  });
  expect(checkIdsIn(objects)).toEqual([]);
});

import type { EnvironmentInput, RegionInput } from '../../charts';
import production from '../../charts/config/environments/production';
import { regionDifferences } from '../../charts/region-diff';
import { synthesize } from '../../charts/synthesize';
import { run } from './run-synth';

const west: Required<RegionInput> = {
  region: 'us-west-2',
  replicas: 2,
  priority: 50,
  maxReplicas: 33,
  zones: 2,
  host: 'west.example.net',
  labels: { 'example.com/cell': 'west' },
  egress: [{ cidr: '10.9.0.0/16', port: 6380 }],
  config: { providers: { openai: { baseUrl: 'https://west.openai.example.net/v1' } } },
};
const overlaid: EnvironmentInput = { ...production, regions: { ...production.regions, secondary: west } };

it('tells what differs in the reference, and by which input', () => {
  expect(regionDifferences(production, 'us-east-1', 'us-west-2')).toEqual(
    expect.arrayContaining([
      {
        object: 'HorizontalPodAutoscaler ai-gateway',
        path: 'spec.minReplicas',
        left: 3,
        right: 2,
        causes: ['replicas'],
      },
      {
        object: 'Deployment ai-gateway',
        path: 'spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable',
        left: 'DoNotSchedule',
        right: 'ScheduleAnyway',
        causes: ['replicas'],
      },
    ]),
  );
});

it('finds the cause of everything that regions can state', () => {
  const differences = regionDifferences(overlaid, 'primary', 'secondary');
  const causeOf = (object: string, path: string) =>
    differences.find((difference) => difference.object.startsWith(object) && difference.path === path)
      ?.causes;
  expect(causeOf('HorizontalPodAutoscaler', 'spec.maxReplicas')).toEqual(['maxReplicas']);
  expect(causeOf('Service ', 'metadata.labels.example.com/cell')).toEqual(['labels']);
  expect(causeOf('ConfigMap', 'data.gateway.yaml:providers.1.baseUrl')).toEqual(['config']);
  expect(causeOf('ConfigMap', 'data.gateway.yaml:store.maxReplicas')).toEqual(['maxReplicas']);
  expect(
    differences.filter(({ object }) => object.startsWith('NetworkPolicy')).flatMap(({ causes }) => causes),
  ).toContain('egress');
  expect(differences.filter(({ causes }) => causes.length === 0)).toEqual([]);
});

it('misses nothing: with what it tells put right, the regions are the same', () => {
  const { folders } = synthesize(overlaid);
  const [east, secondary] = folders;
  const differing = east!.manifests.filter(
    (manifest) => !secondary!.manifests.some((other) => JSON.stringify(other) === JSON.stringify(manifest)),
  );
  const told = new Set(regionDifferences(overlaid, 'primary', 'secondary').map(({ object }) => object));
  for (const { kind, metadata } of differing as { kind: string; metadata: { name: string } }[]) {
    expect(told).toContain(`${kind} ${metadata.name}`);
  }
});

it.each([
  [
    ['us-east-1', 'us-west-2'],
    0,
    /object +field +us-east-1 +us-west-2 +because of\n.*spec\.minReplicas +3 +2 +replicas/s,
  ],
  [['us-east-1', 'us-east-1'], 0, /^No difference\.\n$/],
  [['us-east-1', 'mars-1'], 1, /mars-1 is no region of the environment\..* us-east-1, us-west-2/],
  [['us-east-1'], 1, /1 regions are given, not two\..*diff:regions -- REGION REGION/],
])('npm run diff:regions -- %j ends with %i', (args, status, text) => {
  const result = run('npm', ['run', '--silent', 'diff:regions', '--', ...args]);
  expect(result.stdout + result.stderr).toMatch(text);
  expect(result.status).toBe(status);
});

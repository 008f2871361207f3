import type { EnvironmentInput, RegionInput } from '../../charts';
import { synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { parse } from 'yaml';
import { at, only, yaml } from './gateway-chart';

/** Every field of a region, each with a value that the environment does not have. */
const west: Required<RegionInput> = {
  region: 'us-west-2',
  replicas: 2,
  priority: 50,
  maxReplicas: 33,
  zones: 2,
  host: 'west.example.net',
  labels: { 'example.com/cell': 'west' },
  egress: [{ cidr: '10.9.0.0/16', port: 6380 }],
  config: {
    store: { kind: 'redis', host: 'cache.west.example.net', port: 6380, tls: true },
    providers: { openai: { baseUrl: 'https://west.openai.example.net/v1' } },
  },
};

const environment: EnvironmentInput = {
  ...production,
  regions: { ...production.regions, secondary: west },
};

describe('A region that states everything', () => {
  const { folders } = synthesize(environment);
  const manifestsOf = (name: string) => folders.find((folder) => folder.name === name)!.manifests;
  const own = manifestsOf('us-west-2');
  const config = parse(at(only(own, 'ConfigMap', 'ai-gateway'), 'data', 'gateway.yaml') as string) as {
    store: object;
    providers: object[];
  };

  it('scales within its own bounds, and each pod knows its share', () => {
    expect(at(only(own, 'HorizontalPodAutoscaler'), 'spec')).toMatchObject({
      minReplicas: 2,
      maxReplicas: 33,
    });
    expect(config.store).toMatchObject({ kind: 'redis', maxReplicas: 33 });
  });

  it('has a pod in each zone where it has as many', () => {
    const spread = at(only(own, 'Deployment'), 'spec', 'template', 'spec', 'topologySpreadConstraints', 0);
    expect(spread).toMatchObject({
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
    });
  });

  it('labels each of its objects, and selects by none of it', () => {
    for (const manifest of own) {
      expect(at(manifest, 'metadata', 'labels')).toMatchObject({ 'example.com/cell': 'west' });
    }
    expect(JSON.stringify(at(only(own, 'Deployment'), 'spec', 'selector'))).not.toContain('cell');
  });

  it('has addresses of its own, and all else as its sisters', () => {
    expect(config.store).toMatchObject({ host: 'cache.west.example.net', tls: true });
    expect(config.providers).toMatchObject([
      { name: 'in-cluster', baseUrl: 'https://model-server.production.svc.cluster.local/v1' },
      { name: 'openai', baseUrl: 'https://west.openai.example.net/v1', apiKeyFile: 'openai-api-key' },
    ]);
  });

  it('opens its network to them', () => {
    expect(JSON.stringify(only(own, 'NetworkPolicy', 'ai-gateway'))).toContain('"10.9.0.0/16"');
  });

  it('changes nothing elsewhere', () => {
    const reference = synthesize(production).folders;
    const east = reference.find(({ name }) => name === 'us-east-1')!.manifests;
    expect(yaml(manifestsOf('us-east-1'))).toBe(yaml(east));
  });
});

it('what a region must bring is told where it differs, and once where it does not', () => {
  const redis = (input: EnvironmentInput) =>
    synthesize(input).warnings.filter((warning) => warning.startsWith('config.store: a Redis must answer'));
  expect(redis(production)).toHaveLength(1);
  expect(redis(environment)).toEqual([
    expect.stringContaining('redis.gateway-store.svc.cluster.local'),
    expect.stringContaining('cache.west.example.net port 6380'),
  ]);
});

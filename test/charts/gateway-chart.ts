import { App, Chart, type ChartProps, Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AiGatewayProps, Manifest } from '../../charts';
import { AiGateway } from '../../charts';

/** The least that a gateway needs. */
export const minimalProps = {
  environment: 'test',
  owner: 'team-test',
  image: { repository: 'api-gateway', tag: 'v1.0.0', digest: `sha256:${'a'.repeat(64)}` },
  config: {
    version: 1,
    providers: [{ name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1' }],
    models: [{ name: 'small', targets: [{ provider: 'openai', model: 'gpt-4o-mini' }] }],
  },
} satisfies AiGatewayProps;

/** The manifests of one chart, with whatever `build` puts into it. */
export function chartManifests(build: (chart: Chart) => void, props: ChartProps = {}): Manifest[] {
  const chart = new Chart(new App(), 'chart', props);
  build(chart);
  return chart.toJson() as Manifest[];
}

/** The manifests of one gateway; `place` may give it another scope within the chart. */
export function gatewayManifests(
  props: Partial<AiGatewayProps> = {},
  place: (chart: Chart) => Construct = (chart) => chart,
): Manifest[] {
  return chartManifests((chart) => {
    new AiGateway(place(chart), 'gateway', { ...minimalProps, ...props });
  });
}

/** The one object of a kind, or of a kind and name. */
export function only(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest['kind'] === kind && (name === undefined || nameOf(manifest) === name),
  );
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} objects of kind ${kind}${name === undefined ? '' : ` named ${name}`}`);
  }
  return found[0];
}

export function nameOf(manifest: Manifest): string {
  return (manifest['metadata'] as { name: string }).name;
}

export function yaml(manifests: readonly Manifest[]): string {
  return Yaml.stringify(...manifests);
}

/** The value at a path of keys and indices. */
export function at(manifest: Manifest, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], manifest);
}

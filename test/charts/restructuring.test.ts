import { Construct } from 'constructs';
import { type AiGatewayProps, AiGateway } from '../../charts';
import { at, chartManifests, gatewayManifests, minimalProps, only, yaml } from './gateway-chart';

it('changes no byte where the gateway moves to another place in the construct tree', () => {
  const nested = gatewayManifests({}, (chart) =>
    ['platform', 'edge', 'deeper-still'].reduce<Construct>((scope, id) => new Construct(scope, id), chart),
  );
  expect(yaml(nested)).toBe(yaml(gatewayManifests()));
});

it('changes no byte where the gateway gets another id', () => {
  const renamed = chartManifests((chart) => {
    new AiGateway(chart, 'another-id', minimalProps);
  });
  expect(yaml(renamed)).toBe(yaml(gatewayManifests()));
});

it('keeps to its own namespace in a chart that has another', () => {
  const manifests = chartManifests(
    (chart) => {
      new AiGateway(chart, 'gateway', minimalProps);
    },
    { namespace: 'elsewhere' },
  );
  expect(yaml(manifests)).toBe(yaml(gatewayManifests()));
});

describe('Every selector', () => {
  const props: Partial<AiGatewayProps> = { name: 'edge' };
  const manifests = gatewayManifests(props);
  const podLabels = at(only(manifests, 'Deployment'), 'spec', 'template', 'metadata', 'labels');
  const serviceLabels = at(only(manifests, 'Service'), 'metadata', 'labels');
  const stable = { 'app.kubernetes.io/name': 'ai-gateway', 'app.kubernetes.io/instance': 'edge' };

  it.each([
    ['Deployment', ['spec', 'selector', 'matchLabels']],
    ['Service', ['spec', 'selector']],
    ['PodDisruptionBudget', ['spec', 'selector', 'matchLabels']],
  ])('of the %s matches the pods by labels that never change', (kind, path) => {
    expect(at(only(manifests, kind), ...path)).toEqual(stable);
    expect(podLabels).toMatchObject(stable);
  });

  it('of the NetworkPolicy and of the spread matches the pods too', () => {
    expect(at(only(manifests, 'NetworkPolicy', 'edge'), 'spec', 'podSelector')).toEqual({
      matchLabels: stable,
    });
    expect(
      at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'topologySpreadConstraints'),
    ).toMatchObject([{ labelSelector: { matchLabels: stable } }, { labelSelector: { matchLabels: stable } }]);
  });

  it('of the ServiceMonitor matches the Service, and its port is one of it', () => {
    expect(at(only(manifests, 'ServiceMonitor'), 'spec', 'selector')).toEqual({ matchLabels: stable });
    expect(serviceLabels).toMatchObject(stable);
    const port = at(only(manifests, 'ServiceMonitor'), 'spec', 'endpoints', 0, 'port');
    expect(at(only(manifests, 'Service'), 'spec', 'ports')).toContainEqual(
      expect.objectContaining({ name: port, targetPort: port }),
    );
    expect(at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'containers', 0)).toMatchObject({
      ports: expect.arrayContaining([expect.objectContaining({ name: port, containerPort: 9090 })]),
    });
  });

  it('comes without anything that cdk8s derives from the construct path', () => {
    expect(yaml(manifests)).not.toMatch(/cdk8s\.io|-c[0-9a-f]{7}\b/);
  });
});

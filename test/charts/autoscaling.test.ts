import { Autoscaling, type InFlightAutoscalingInput, synthesize, validateManifests } from '../../charts';
import production from '../../charts/config/environments/production';
import { at, gatewayManifests, only } from './gateway-chart';

const prometheus = 'http://prometheus-operated.monitoring.svc:9090';

describe('Autoscaling.inFlight', () => {
  const input: Required<InFlightAutoscalingInput> = {
    minReplicas: 4,
    maxReplicas: 44,
    targetCpuPercent: 33,
    inFlight: { perPod: 77, prometheus: 'https://prometheus.example.org/tenant' },
  };
  const manifests = gatewayManifests({
    name: 'edge',
    namespace: 'space',
    autoscaling: Autoscaling.inFlight(input),
  });

  it('wires every input, and asks for the gateway alone', () => {
    expect(at(only(manifests, 'ScaledObject'), 'spec')).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'edge' },
      minReplicaCount: 4,
      maxReplicaCount: 44,
      triggers: [
        {
          type: 'prometheus',
          metricType: 'AverageValue',
          metadata: {
            serverAddress: 'https://prometheus.example.org/tenant',
            query: 'sum(gateway_active_requests{namespace="space",job="edge"})',
            threshold: '77',
          },
        },
        { type: 'cpu', metricType: 'Utilization', metadata: { containerName: 'gateway', value: '33' } },
      ],
    });
  });

  it('takes no pod away while Prometheus answers nothing', () => {
    expect(at(only(manifests, 'ScaledObject'), 'spec')).toMatchObject({
      fallback: { replicas: 4, failureThreshold: 3, behavior: 'currentReplicasIfHigher' },
      triggers: [{ metadata: { ignoreNullValues: 'false' } }, {}],
    });
  });

  it('scales as fast and as slowly as by CPU, under the name that the alerts know', () => {
    const byCpu = gatewayManifests({ autoscaling: Autoscaling.cpu() });
    expect(at(only(manifests, 'ScaledObject'), 'spec', 'advanced', 'horizontalPodAutoscalerConfig')).toEqual({
      name: 'edge',
      behavior: at(only(byCpu, 'HorizontalPodAutoscaler'), 'spec', 'behavior'),
    });
  });

  it('is the only one that counts pods, and keeps the policy', () => {
    expect(manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
    expect(at(only(manifests, 'Deployment'), 'spec')).not.toHaveProperty('replicas');
    expect(at(only(manifests, 'PodDisruptionBudget'), 'spec', 'maxUnavailable')).toBe(1);
    expect(validateManifests(manifests).filter(({ checkId }) => !checkId.startsWith('image-'))).toEqual([]);
  });

  it('is chosen in an environment by its one field, with the minimum of each region', () => {
    const { folders, warnings } = synthesize({
      ...production,
      autoscaling: { maxReplicas: 30, inFlight: { prometheus } },
    });
    expect(warnings.join()).toContain(
      `KEDA 2.17 or newer must run in each cluster, and its operator reach ${prometheus}`,
    );
    const bounds = folders.slice(0, 2).map(({ manifests: regional }) => {
      const { minReplicaCount, maxReplicaCount, triggers } = at(only(regional, 'ScaledObject'), 'spec') as {
        minReplicaCount: number;
        maxReplicaCount: number;
        triggers: { metadata: { threshold?: string } }[];
      };
      return [minReplicaCount, maxReplicaCount, triggers[0]?.metadata.threshold];
    });
    expect(bounds).toEqual([
      [3, 30, '500'],
      [2, 30, '500'],
    ]);
  });

  it.each([
    [
      { minReplicas: 5, maxReplicas: 4, inFlight: { prometheus } },
      /minReplicas: found 5\..*maxReplicas \(4\)/,
    ],
    [{ inFlight: { prometheus, perPod: 0 } }, /inFlight\.perPod: found 0\..*at least 1/],
    [
      { inFlight: { prometheus: 'prometheus:9090' } },
      /inFlight\.prometheus: found "prometheus:9090"\..*http address/,
    ],
    [{ inFlight: {} }, /inFlight\.prometheus: found nothing/],
    [{}, /inFlight: found nothing/],
  ])('refuses %j', (wrong, message) => {
    expect(() => Autoscaling.inFlight(wrong as InFlightAutoscalingInput)).toThrow(message);
  });

  it('is refused in an environment with the path', () => {
    const autoscaling = { inFlight: { prometheus: 'http://p?query' } };
    expect(() => synthesize({ ...production, autoscaling })).toThrow(
      /autoscaling\.inFlight\.prometheus: found/,
    );
  });
});

import { accepted, refused, type Cases } from '../case';
import type { Changes, Fields } from '../changes';
import { replicated } from '../deployment';
import { budget, specified } from '../objects';

const containerCpu = { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'gateway' } };

function autoscaler(changes: Changes = {}): Fields {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gateway' };
  return specified(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    { scaleTargetRef, minReplicas: 3, maxReplicas: 9, metrics: [{ ...containerCpu }] },
    changes,
  );
}

function scaledObject(changes: Changes = {}): Fields {
  return specified(
    'keda.sh/v1alpha1',
    'ScaledObject',
    { scaleTargetRef: { name: 'gateway' }, minReplicaCount: 2, triggers: [{ type: 'prometheus' }] },
    changes,
  );
}

const scaled = () => [replicated({ replicas: undefined }), budget()];

export const scaling: Cases = {
  'autoscaler-range': {
    violating: [
      refused('one pod', autoscaler({ minReplicas: 1 }), { 'spec.minReplicas': 1 }, scaled()),
      refused(
        'no minimum',
        autoscaler({ minReplicas: undefined }),
        { 'spec.minReplicas': undefined },
        scaled(),
      ),
      refused('no room', autoscaler({ maxReplicas: 3 }), { 'spec.maxReplicas': 3 }, scaled()),
      refused(
        'a KEDA that scales to none',
        scaledObject({ minReplicaCount: undefined }),
        {
          'spec.minReplicaCount': undefined,
        },
        scaled(),
      ),
    ],
    passing: [
      accepted('three to nine', autoscaler(), scaled()),
      accepted('a KEDA with its own maximum', scaledObject(), scaled()),
    ],
  },
  'autoscaler-target': {
    violating: [
      refused(
        'another name',
        autoscaler({ 'scaleTargetRef.name': 'api' }),
        { 'spec.scaleTargetRef': { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } },
        [replicated(), budget()],
      ),
    ],
    passing: [accepted('the workload beside it', autoscaler(), scaled())],
  },
  'autoscaler-signal': {
    violating: [
      refused(
        'the CPU of the pod',
        autoscaler({ 'metrics[0].type': 'Resource' }),
        {
          'spec.metrics[0].type': 'Resource',
        },
        scaled(),
      ),
      refused(
        'the memory of the container',
        autoscaler({ 'metrics[0].containerResource': { name: 'memory' } }),
        {
          'spec.metrics[0].containerResource.name': 'memory',
        },
        scaled(),
      ),
      refused('what is taken without metrics', autoscaler({ metrics: [] }), { 'spec.metrics': [] }, scaled()),
      refused(
        'a KEDA on CPU',
        scaledObject({ triggers: [{ type: 'cpu' }] }),
        {
          'spec.triggers[0].type': 'cpu',
        },
        scaled(),
      ),
    ],
    passing: [
      accepted('requests in flight', autoscaler({ metrics: [{ type: 'Pods', pods: {} }] }), scaled()),
      accepted(
        'a KEDA on the container',
        scaledObject({
          triggers: [{ type: 'cpu', metadata: { containerName: 'gateway' } }],
        }),
        scaled(),
      ),
    ],
  },
  'replicas-left-to-autoscaler': {
    violating: [
      refused('both', replicated(), { 'spec.replicas': 3 }, [autoscaler(), budget()]),
      refused('a KEDA too', replicated(), { 'spec.replicas': 3 }, [scaledObject(), budget()]),
    ],
    passing: [accepted('no autoscaler', replicated(), [budget()])],
  },
};

import { overKinds, type Check } from '../check';
import type { Field } from '../field';
import { groupOf } from '../kind';
import { autoscalerKinds, autoscalersOf, boundsOf, targetOf } from '../scaling';

/** KEDA's own default; a HorizontalPodAutoscaler must state it. */
const defaultKedaMaximum = 100;

export const autoscalerRange: Check = {
  id: 'autoscaler-range',
  title: 'Every autoscaler keeps two pods or more, and has room above them',
  reason: 'With one pod each restart is an outage, and where the bounds are equal no load adds a pod.',
  fix: 'Set the minimum to 2 or more, and the maximum above it.',
  examine: overKinds(autoscalerKinds, (autoscaler) => {
    const { least, most } = boundsOf(autoscaler);
    const highest = most.value ?? (groupOf(autoscaler) === 'keda.sh' ? defaultKedaMaximum : undefined);
    if (typeof least.value !== 'number' || least.value < 2) return [least];
    return typeof highest === 'number' && highest > least.value ? [] : [most];
  }),
};

export const autoscalerTarget: Check = {
  id: 'autoscaler-target',
  title: 'Every autoscaler counts the pods of a workload that is defined beside it',
  reason: 'It scales nothing and says so only in its own status: the load rises and the pods do not.',
  fix: 'Write apiVersion, kind and name of the workload in scaleTargetRef, and put both in one namespace.',
  examine: overKinds(autoscalerKinds, (autoscaler, folder) =>
    targetOf(autoscaler, folder) === undefined ? [autoscaler.get('spec').get('scaleTargetRef')] : [],
  ),
};

const inspectHorizontal = overKinds(['HorizontalPodAutoscaler.autoscaling'], (autoscaler) => {
  const spec = autoscaler.get('spec');
  const metrics = spec.get('metrics').items;
  // Version 1 knows the CPU of the whole pod only, and without metrics so does version 2.
  if (metrics.length === 0) return [spec.get('metrics')];
  return metrics.flatMap((metric) => {
    if (metric.get('type').value === 'Resource') return [metric.get('type')];
    const name = metric.get('containerResource').get('name');
    return name.value === 'memory' ? [name] : [];
  });
});

const inspectKeda = overKinds(['ScaledObject.keda.sh'], (autoscaler) =>
  autoscaler
    .get('spec')
    .get('triggers')
    .items.map((trigger) => [trigger, trigger.get('type')] as const)
    .filter(([trigger, { value }]) => value === 'memory' || (value === 'cpu' && !namesContainer(trigger)))
    .map(([, type]) => type),
);

function namesContainer(trigger: Field): boolean {
  return trigger.get('metadata').get('containerName').isSet;
}

export const autoscalerSignal: Check = {
  id: 'autoscaler-signal',
  title: 'Every autoscaler follows the container that serves, and not its memory',
  reason:
    'A Resource metric counts sidecars too, so an idle proxy hides a busy program; memory hardly shrinks, so pods would only be added.',
  fix: 'Use the metric type ContainerResource with cpu and the container, or a measure of the work itself, such as requests in flight.',
  examine: (object, folder) => [...inspectHorizontal(object, folder), ...inspectKeda(object, folder)],
};

export const replicasLeftToAutoscaler: Check = {
  id: 'replicas-left-to-autoscaler',
  title: 'A workload that an autoscaler counts states no replicas',
  reason: 'Each apply sets the number back, against the load, and the two fight.',
  fix: 'Remove spec.replicas. On a live object it can drop to 1 pod once: hand it over first, see docs/upgrade.md.',
  examine: (object, folder) => {
    if (!folder.workloads.includes(object) || autoscalersOf(object, folder).length === 0) return [];
    const replicas = object.get('spec').get('replicas');
    return replicas.isSet ? [replicas] : [];
  },
};

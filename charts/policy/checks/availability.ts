import { overKinds, overPods, type Check } from '../check';
import type { Field } from '../field';
import { podLabelsOf } from '../pod';
import { isReplicated, leastReplicas } from '../scaling';
import { selects, workloadsSelected } from '../selector';

const budget = 'PodDisruptionBudget.policy';
const zoneKey = 'topology.kubernetes.io/zone';

export const disruptionBudget: Check = {
  id: 'disruption-budget',
  title: 'Every workload of several pods has a PodDisruptionBudget',
  reason: 'The drain of a few nodes, as each upgrade of the cluster does, can evict all pods at once.',
  fix: 'Add a PodDisruptionBudget with maxUnavailable 1 that selects the pods.',
  examine: overPods((_pod, object, folder) => {
    const labels = podLabelsOf(object);
    const isBound = folder
      .beside(object, budget)
      .some((candidate) => selects(candidate.get('spec').get('selector'), labels));
    return isReplicated(object, folder) && !isBound ? [labels] : [];
  }),
};

/** Pods that a budget's field stands for, of so many: `25%` is rounded up by the controller. */
function podsOf(value: unknown, pods: number): number | undefined {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  return percent === undefined ? undefined : Math.ceil((Number(percent) / 100) * pods);
}

export const evictionsPermitted: Check = {
  id: 'evictions-permitted',
  title: 'Every PodDisruptionBudget permits an eviction',
  reason:
    'Where it permits none a node can never be drained, and the upgrade of the cluster waits for a person.',
  fix: 'Set maxUnavailable to 1 and unhealthyPodEvictionPolicy to AlwaysAllow, and remove minAvailable.',
  examine: overKinds([budget], (object, folder) => {
    const spec = object.get('spec');
    const [most, least] = [spec.get('maxUnavailable'), spec.get('minAvailable')];
    if (most.isSet) return podsOf(most.value, 100) === 0 ? [most] : [];
    const counts = workloadsSelected(folder, object, (labels) => selects(spec.get('selector'), labels)).map(
      (workload) => leastReplicas(workload, folder),
    );
    const needed = (pods: number) => podsOf(least.value, pods) ?? 0;
    return least.value === '100%' || counts.some((pods) => needed(pods) >= pods) ? [least] : [];
  }),
};

/** The spreads over zones that count the pods of the workload itself. */
function zoneSpreads(pod: Field, object: Field): readonly Field[] {
  return pod
    .get('topologySpreadConstraints')
    .items.filter(
      (constraint) =>
        constraint.get('topologyKey').value === zoneKey &&
        constraint.get('labelSelector').isSet &&
        selects(constraint.get('labelSelector'), podLabelsOf(object)),
    );
}

function overReplicated(examine: (pod: Field, object: Field) => readonly Field[]): Check['examine'] {
  return overPods((pod, object, folder) => (isReplicated(object, folder) ? examine(pod, object) : []));
}

export const zoneSpread: Check = {
  id: 'zone-spread',
  title: 'Every workload of several pods is spread over zones',
  reason: 'The scheduler may put all pods into one zone, and its loss is then an outage.',
  fix: `Add a topologySpreadConstraint over ${zoneKey} whose labelSelector selects the pods themselves.`,
  examine: overReplicated((pod, object) =>
    zoneSpreads(pod, object).length > 0 ? [] : [pod.get('topologySpreadConstraints')],
  ),
};

export const zoneLossSurvived: Check = {
  id: 'zone-loss-survived',
  title: 'A zone that is down holds up no pod of another zone',
  reason:
    'Its tainted nodes, or a minimum of zones, keep the smallest count at 0, so that replacements elsewhere stay Pending while they are needed most.',
  fix: 'Set nodeTaintsPolicy to Honor on each topologySpreadConstraint with DoNotSchedule, and remove minDomains.',
  examine: overReplicated((pod, object) =>
    zoneSpreads(pod, object)
      .filter(
        (constraint) => (constraint.get('whenUnsatisfiable').value ?? 'DoNotSchedule') === 'DoNotSchedule',
      )
      .flatMap((constraint) => {
        const [taints, domains] = [constraint.get('nodeTaintsPolicy'), constraint.get('minDomains')];
        return [...(taints.value === 'Honor' ? [] : [taints]), ...(domains.isSet ? [domains] : [])];
      }),
  ),
};

export const priorityClass: Check = {
  id: 'priority-class',
  title: 'Every pod has a priority class',
  reason: 'When the cluster is full, a batch job keeps its place and the pods that serve stay Pending.',
  fix: 'Set priorityClassName to a PriorityClass that says how this workload ranks.',
  examine: overPods((pod) => {
    const name = pod.get('priorityClassName');
    return typeof name.value === 'string' && name.value !== '' ? [] : [name];
  }),
};

export const lowNdots: Check = {
  id: 'low-ndots',
  title: 'Every pod asks for a full host name first',
  reason:
    'With the default of 5, each lookup of an outside host first asks for it in every search domain of the cluster.',
  fix: "Set dnsConfig.options to [{name: ndots, value: '2'}].",
  examine: overPods((pod) => {
    const options = pod.get('dnsConfig').get('options');
    const option = options.items.find((candidate) => candidate.get('name').value === 'ndots');
    const value = option?.get('value');
    return value !== undefined && Number(value.value ?? Number.NaN) <= 2 ? [] : [value ?? options];
  }),
};

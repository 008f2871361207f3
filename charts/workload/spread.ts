import type { k8s } from 'cdk8s-plus-28';
import type { WorkloadRef } from '../kit/workload-ref';

/**
 * Over zones and hosts. Tainted nodes do not count and there is no minimum of domains: else a dead zone, which is
 * tainted, would hold the smallest count at 0 and replacements would stay pending. Pods of another revision do not
 * count either, so that a rollout is not stuck on the spread of the old one.
 */
export function topologySpread(
  { podLabels }: WorkloadRef,
  minReplicas: number,
  zones: number,
): k8s.TopologySpreadConstraint[] {
  const over = (topologyKey: string, whenUnsatisfiable: string): k8s.TopologySpreadConstraint => ({
    topologyKey,
    whenUnsatisfiable,
    maxSkew: 1,
    labelSelector: { matchLabels: podLabels },
    matchLabelKeys: ['pod-template-hash'],
    nodeTaintsPolicy: 'Honor',
  });
  return [
    // Where one pod can stand in each zone, it must: losing one zone must not lose them all.
    over('topology.kubernetes.io/zone', minReplicas >= zones ? 'DoNotSchedule' : 'ScheduleAnyway'),
    over('kubernetes.io/hostname', 'ScheduleAnyway'),
  ];
}

import type { Field } from './field';
import { nameOf, namespaceOf, type Folder } from './folder';
import { groupOf } from './kind';

const horizontal = 'HorizontalPodAutoscaler.autoscaling';
const keda = 'ScaledObject.keda.sh';

/** The kinds that decide how many pods of another object run. */
export const autoscalerKinds = [horizontal, keda] as const;

/** The bounds of an autoscaler; where a field is missing, what its controller takes for it. */
export function boundsOf(autoscaler: Field): { readonly least: Field; readonly most: Field } {
  const spec = autoscaler.get('spec');
  return groupOf(autoscaler) === 'keda.sh'
    ? { least: spec.get('minReplicaCount'), most: spec.get('maxReplicaCount') }
    : { least: spec.get('minReplicas'), most: spec.get('maxReplicas') };
}

/** The object in the folder whose pods an autoscaler counts. */
export function targetOf(autoscaler: Field, folder: Folder): Field | undefined {
  const reference = autoscaler.get('spec').get('scaleTargetRef');
  const isKeda = groupOf(autoscaler) === 'keda.sh';
  const apiVersion = reference.get('apiVersion').value ?? (isKeda ? 'apps/v1' : undefined);
  const kind = reference.get('kind').value ?? (isKeda ? 'Deployment' : undefined);
  return folder.workloads.find(
    (workload) =>
      namespaceOf(workload) === namespaceOf(autoscaler) &&
      workload.get('apiVersion').value === apiVersion &&
      workload.get('kind').value === kind &&
      nameOf(workload) === reference.get('name').value,
  );
}

/** The autoscalers that own the number of a workload's pods. */
export function autoscalersOf(workload: Field, folder: Folder): readonly Field[] {
  return autoscalerKinds
    .flatMap((kind) => folder.beside(workload, kind))
    .filter((autoscaler) => targetOf(autoscaler, folder) === workload);
}

const replicatedKinds = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

/**
 * The fewest pods that a workload is meant to have: an autoscaler's minimum, else what it states itself. 0 for a kind
 * whose pods are not counted, such as a DaemonSet.
 */
export function leastReplicas(workload: Field, folder: Folder): number {
  if (!replicatedKinds.includes(String(workload.get('kind').value))) return 0;
  const counts = autoscalersOf(workload, folder).map((autoscaler) => boundsOf(autoscaler).least.value);
  const stated = counts.length > 0 ? counts[0] : workload.get('spec').get('replicas').value;
  return typeof stated === 'number' ? stated : 1;
}

/** Two pods or more, or a number that an autoscaler raises. */
export function isReplicated(workload: Field, folder: Folder): boolean {
  return leastReplicas(workload, folder) > 1 || autoscalersOf(workload, folder).length > 0;
}

import type { Field } from './field';

/** Where each kind that starts pods keeps their spec. Kinds are matched with their API group: others reuse the names. */
const podSpecPaths: Readonly<Record<string, readonly string[]>> = {
  'Pod.': ['spec'],
  'PodTemplate.': ['template', 'spec'],
  'ReplicationController.': ['spec', 'template', 'spec'],
  'Deployment.apps': ['spec', 'template', 'spec'],
  'StatefulSet.apps': ['spec', 'template', 'spec'],
  'DaemonSet.apps': ['spec', 'template', 'spec'],
  'ReplicaSet.apps': ['spec', 'template', 'spec'],
  'Job.batch': ['spec', 'template', 'spec'],
  'CronJob.batch': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The spec of the pods that a manifest starts, or undefined for a kind that starts none. */
export function podOf(object: Field): Field | undefined {
  const apiVersion = String(object.get('apiVersion').value);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return podSpecPaths[`${String(object.get('kind').value)}.${group}`]?.reduce(
    (field, key) => field.get(key),
    object,
  );
}

export const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Every container that can run in the pod: sidecars and debug containers share its kernel and volumes. */
export function containersOf(pod: Field): readonly Field[] {
  return containerLists.flatMap((list) => pod.get(list).items);
}

/**
 * A security setting that exists on both levels, as the kubelet resolves it: the container's where it is set, else the
 * pod's. The field's path is where the value stands, or, where neither level has one, the pod's.
 */
export function inheritedSetting(
  pod: Field,
  container: Field,
  key: 'runAsNonRoot' | 'runAsUser' | 'runAsGroup' | 'seccompProfile',
): Field {
  const own = container.get('securityContext').get(key);
  return own.isSet ? own : pod.get('securityContext').get(key);
}

import type { Field } from './field';
import { kindOf } from './kind';

/** Where each kind that starts pods keeps their template: the mapping that has the pods' metadata and spec. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  'Pod.': [],
  'PodTemplate.': ['template'],
  'ReplicationController.': ['spec', 'template'],
  'Deployment.apps': ['spec', 'template'],
  'StatefulSet.apps': ['spec', 'template'],
  'DaemonSet.apps': ['spec', 'template'],
  'ReplicaSet.apps': ['spec', 'template'],
  'Job.batch': ['spec', 'template'],
  'CronJob.batch': ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The template of the pods that a manifest starts, or undefined for a kind that starts none. */
export function templateOf(object: Field): Field | undefined {
  return templatePaths[kindOf(object)]?.reduce((field, key) => field.get(key), object);
}

/** The spec of the pods that a manifest starts, or undefined for a kind that starts none. */
export function podOf(object: Field): Field | undefined {
  return templateOf(object)?.get('spec');
}

/** The labels that the pods of a manifest carry; no value for a kind that starts none. */
export function podLabelsOf(object: Field): Field {
  return (templateOf(object) ?? object.get('spec').get('template')).get('metadata').get('labels');
}

/** Where the resources of an operator say what labels its pods carry. More of such a pod no manifest shows. */
const operatorLabelPaths: Readonly<Record<string, readonly string[]>> = {
  'OpenTelemetryCollector.opentelemetry.io': ['metadata', 'labels'],
  'PrometheusAgent.monitoring.coreos.com': ['spec', 'podMetadata', 'labels'],
};

/** The labels of the pods that an operator starts for a resource; undefined where it is not known to start any. */
export function operatorPodLabelsOf(object: Field): Field | undefined {
  return operatorLabelPaths[kindOf(object)]?.reduce((field, key) => field.get(key), object);
}

/** Jobs end by themselves; whatever else runs is meant to serve until it is stopped. */
export function servesUntilStopped(object: Field): boolean {
  if (['Job.batch', 'CronJob.batch'].includes(kindOf(object))) return false;
  const restartPolicy = podOf(object)?.get('restartPolicy').value ?? 'Always';
  return restartPolicy === 'Always';
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Every container that can run in the pod: sidecars and debug containers share its kernel and volumes. */
export function containersOf(pod: Field): readonly Field[] {
  return containerLists.flatMap((list) => pod.get(list).items);
}

/** The containers that the scheduler makes room for; the API refuses resources and probes on ephemeral ones. */
export function scheduledContainersOf(pod: Field): readonly Field[] {
  return [...pod.get('initContainers').items, ...pod.get('containers').items];
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

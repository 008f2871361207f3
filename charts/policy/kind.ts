import type { Field } from './field';

/** `Deployment.apps`, and `Service.` for the core group: kinds are only known by their API group, since others reuse the names. */
export function kindOf(object: Field): string {
  return `${String(object.get('kind').value)}.${groupOf(object)}`;
}

/** Without the version: versions of one group are views of the same objects. */
export function groupOf(object: Field): string {
  const apiVersion = String(object.get('apiVersion').value);
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

const clusterScoped = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** By name: a manifest does not say it, and operators begin the names of their cluster-scoped kinds with `Cluster`. */
export function isClusterScoped(object: Field): boolean {
  const kind = String(object.get('kind').value);
  return clusterScoped.has(kind) || kind.startsWith('Cluster');
}

import { overKinds, overPods, type Check } from '../check';
import type { Field } from '../field';
import { isClusterScoped, kindOf } from '../kind';
import { podLabelsOf } from '../pod';

export const uniqueObjects: Check = {
  id: 'unique-objects',
  title: 'No object is defined twice',
  reason: 'Where one object is defined twice, the second would overwrite the first in the cluster.',
  fix: 'Give one of them another name or namespace, or remove it. Manifests of several clusters are judged cluster by cluster.',
  examine: (object, folder) => {
    const name = object.get('metadata').get('name');
    return name.isSet && !folder.isFirstOfItsIdentity(object) ? [name] : [];
  },
};

const dnsSubdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const dnsLabel = /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** Names that only have to stand in a URL: roles are often named `system:reader`. */
const pathSegment = /^(?!\.{1,2}$)[^/%]+$/;
const labelValue = /^(?=.{0,63}$)([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;
const keyName = /^(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

function nameForm(object: Field): RegExp {
  const kind = kindOf(object);
  if (kind.endsWith('.rbac.authorization.k8s.io')) return pathSegment;
  return ['Namespace.', 'Service.'].includes(kind) ? dnsLabel : dnsSubdomain;
}

function isLegalKey(key: string): boolean {
  const slash = key.lastIndexOf('/');
  return (slash < 0 || dnsSubdomain.test(key.slice(0, slash))) && keyName.test(key.slice(slash + 1));
}

function illegalLabels(labels: Field): readonly Field[] {
  return labels.entries
    .filter(([key, { value }]) => !isLegalKey(key) || typeof value !== 'string' || !labelValue.test(value))
    .map(([, label]) => label);
}

/** A Pod's own labels are its pods' labels; an ApplicationSet fills in what its Applications' are, as in `{{.region}}`. */
const hasNoTemplateOfPods = new Set(['Pod.', 'ApplicationSet.argoproj.io']);

export const legalNames: Check = {
  id: 'legal-names',
  title: 'Every name, label and annotation key has a form that the API server takes',
  reason: 'The API server refuses the object, in the middle of a rollout.',
  fix:
    'Write names as lower-case letters, digits and inner hyphens, up to 253 characters (63 for a Namespace or Service); ' +
    'label values as text of up to 63 letters, digits, dots, hyphens and underscores.',
  examine: (object) => {
    const metadata = object.get('metadata');
    const names = [metadata.get('name')].filter(
      ({ value }) => typeof value === 'string' && value !== '' && !nameForm(object).test(value),
    );
    const namespaces = [metadata.get('namespace')].filter(
      ({ isSet, value }) => isSet && !(typeof value === 'string' && dnsLabel.test(value)),
    );
    const annotations = metadata
      .get('annotations')
      .entries.filter(([key, { value }]) => !isLegalKey(key) || typeof value !== 'string')
      .map(([, annotation]) => annotation);
    const podLabels = hasNoTemplateOfPods.has(kindOf(object)) ? [] : illegalLabels(podLabelsOf(object));
    return [...names, ...namespaces, ...illegalLabels(metadata.get('labels')), ...podLabels, ...annotations];
  },
};

const demandedLabels = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/component',
  'app.kubernetes.io/managed-by',
  'owner',
  'environment',
];

export const standardLabels: Check = {
  id: 'standard-labels',
  title: 'Every object and pod says what it is, who answers for it and where it belongs',
  reason: 'Whoever is paged finds nobody to ask, and cost, dashboards and clean-up miss the object.',
  fix: `Set the labels ${demandedLabels.join(', ')} on the object, and on the template of its pods.`,
  examine: (object, folder) => [
    ...missingLabels(object.get('metadata').get('labels')),
    ...inspectPodLabels(object, folder),
  ],
};

const inspectPodLabels = overPods((_pod, object) =>
  kindOf(object) === 'Pod.' ? [] : missingLabels(podLabelsOf(object)),
);

/** The mapping as a whole where it has none of them. */
function missingLabels(labels: Field): readonly Field[] {
  const missing = demandedLabels
    .map((key) => labels.get(key))
    .filter(({ isSet, value }) => !isSet || value === '');
  return missing.length === demandedLabels.length ? [labels] : missing;
}

export const ownNamespace: Check = {
  id: 'own-namespace',
  title: 'Every namespaced object names its namespace, and it is not `default`',
  reason:
    'Without a name the context of whoever applies it decides, and in `default` it shares policies and rights with whatever else lands there.',
  fix: 'Set metadata.namespace to a namespace of its own.',
  examine: (object) => {
    const namespace = object.get('metadata').get('namespace');
    if (isClusterScoped(object)) return [];
    return namespace.isSet && namespace.value !== 'default' ? [] : [namespace];
  },
};

export const podSecurityEnforced: Check = {
  id: 'pod-security-enforced',
  title: 'Every namespace enforces the Pod Security Standard `restricted`',
  reason: 'The API server then admits any pod that someone adds by hand, also a privileged one.',
  fix: 'Set the label pod-security.kubernetes.io/enforce to restricted on the Namespace.',
  examine: overKinds(['Namespace.'], (object) => {
    const label = object.get('metadata').get('labels').get('pod-security.kubernetes.io/enforce');
    return label.value === 'restricted' ? [] : [label];
  }),
};

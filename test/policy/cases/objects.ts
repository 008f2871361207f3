import { accepted, refused, type Cases } from '../case';
import { withChanges, type Changes } from '../changes';
import { deployment } from '../deployment';
import { object } from '../objects';

const configMap = (changes: Changes = {}) => withChanges(object('v1', 'ConfigMap'), changes);
const owned = (changes: Changes) => withChanges(deployment(), changes);

const namespace = (level?: string) =>
  withChanges(object('v1', 'Namespace'), {
    'metadata.namespace': undefined,
    'metadata.labels["pod-security.kubernetes.io/enforce"]': level,
  });

export const objects: Cases = {
  'unique-objects': {
    violating: [
      refused('one object twice', configMap(), { 'metadata.name': 'gateway' }, [configMap()]),
      refused(
        'one object in two versions of its group',
        object('example.com/v1beta1', 'Thing'),
        { 'metadata.name': 'gateway' },
        [object('example.com/v1', 'Thing')],
      ),
      refused(
        'an object without a namespace, although one of them names one',
        withChanges(namespace('restricted'), { 'metadata.namespace': 'production' }),
        { 'metadata.name': 'gateway' },
        [namespace('restricted')],
      ),
    ],
    passing: [
      accepted('one name in two namespaces', configMap({ 'metadata.namespace': 'staging' }), [configMap()]),
      accepted('one name and kind in two groups', object('example.org/v1', 'Thing'), [
        object('example.com/v1', 'Thing'),
      ]),
    ],
  },
  'legal-names': {
    violating: [
      refused('a name in capitals', configMap({ 'metadata.name': 'Settings' }), {
        'metadata.name': 'Settings',
      }),
      refused('a name that is too long', configMap({ 'metadata.name': 'n'.repeat(254) }), {
        'metadata.name': 'n'.repeat(254),
      }),
      refused('a Namespace with a dot', withChanges(namespace('restricted'), { 'metadata.name': 'a.b' }), {
        'metadata.name': 'a.b',
      }),
      refused('a namespace that is none', configMap({ 'metadata.namespace': 'a_b' }), {
        'metadata.namespace': 'a_b',
      }),
      refused('a label with a space', configMap({ 'metadata.labels.owner': 'team a' }), {
        'metadata.labels.owner': 'team a',
      }),
      refused('a label that is no text', configMap({ 'metadata.labels.build': 7 }), {
        'metadata.labels.build': 7,
      }),
      refused('a key with two slashes', configMap({ 'metadata.labels["a/b/c"]': 'x' }), {
        'metadata.labels["a/b/c"]': 'x',
      }),
      refused(
        'a label of the pods that is too long',
        owned({ 'spec.template.metadata.labels.note': 'n'.repeat(64) }),
        { 'spec.template.metadata.labels.note': 'n'.repeat(64) },
      ),
      refused('an annotation that is no text', configMap({ 'metadata.annotations': { on: true } }), {
        'metadata.annotations.on': true,
      }),
    ],
    passing: [
      accepted(
        'a role of the system',
        withChanges(object('rbac.authorization.k8s.io/v1', 'Role'), {
          'metadata.name': 'system:reader',
        }),
      ),
      accepted(
        'a label that an ApplicationSet fills in',
        withChanges(object('argoproj.io/v1alpha1', 'ApplicationSet'), {
          spec: { template: { metadata: { labels: { region: '{{.region}}' } } } },
        }),
      ),
      accepted('an empty label value', configMap({ 'metadata.labels.note': '' })),
      accepted('a key with a prefix', configMap({ 'metadata.annotations': { 'example.com/note': 'A b.' } })),
    ],
  },
  'standard-labels': {
    violating: [
      refused('none', configMap({ 'metadata.labels': undefined }), { 'metadata.labels': undefined }),
      refused('no owner', configMap({ 'metadata.labels.owner': undefined }), {
        'metadata.labels.owner': undefined,
      }),
      refused('an empty environment', configMap({ 'metadata.labels.environment': '' }), {
        'metadata.labels.environment': '',
      }),
      refused(
        'pods without a version',
        owned({ 'spec.template.metadata.labels["app.kubernetes.io/version"]': undefined }),
        { 'spec.template.metadata.labels["app.kubernetes.io/version"]': undefined },
      ),
    ],
    passing: [accepted('one label more', configMap({ 'metadata.labels.tier': 'edge' }))],
  },
  'own-namespace': {
    violating: [
      refused('the default', configMap({ 'metadata.namespace': 'default' }), {
        'metadata.namespace': 'default',
      }),
      refused('none', configMap({ 'metadata.namespace': undefined }), { 'metadata.namespace': undefined }),
    ],
    passing: [
      accepted(
        'a cluster-scoped object',
        withChanges(object('scheduling.k8s.io/v1', 'PriorityClass'), {
          'metadata.namespace': undefined,
        }),
      ),
      accepted(
        'an operator’s cluster-scoped object',
        withChanges(object('external-secrets.io/v1', 'ClusterSecretStore'), {
          'metadata.namespace': undefined,
        }),
      ),
    ],
  },
  'pod-security-enforced': {
    violating: [
      refused('no level', namespace(), {
        'metadata.labels["pod-security.kubernetes.io/enforce"]': undefined,
      }),
      refused('a lower level', namespace('baseline'), {
        'metadata.labels["pod-security.kubernetes.io/enforce"]': 'baseline',
      }),
    ],
    passing: [accepted('restricted', namespace('restricted'))],
  },
};

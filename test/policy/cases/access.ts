import { accepted, broken, kept, refused, type Cases } from '../case';
import { withChanges, type Fields } from '../changes';
import { deployment } from '../deployment';
import { object } from '../objects';

const rbac = 'rbac.authorization.k8s.io/v1';
const role = (kind: string, rule: Fields) => object(rbac, kind, { rules: [rule] });
const other = (account: string) =>
  withChanges(deployment({ serviceAccountName: account }), { 'metadata.name': 'other' });

const account = (name: string, automount: boolean) =>
  withChanges(object('v1', 'ServiceAccount', { automountServiceAccountToken: automount }), {
    'metadata.name': name,
  });

export const access: Cases = {
  'no-service-account-token': {
    violating: [
      broken('mounted', { automountServiceAccountToken: true }),
      broken('left to the default, which mounts it', { automountServiceAccountToken: undefined }),
      refused(
        'mounted although the account forbids it',
        deployment({ serviceAccountName: 'quiet', automountServiceAccountToken: true }),
        { 'spec.template.spec.automountServiceAccountToken': true },
        [account('quiet', false)],
      ),
    ],
    passing: [
      accepted(
        'an account that forbids it',
        deployment({ serviceAccountName: 'quiet', automountServiceAccountToken: undefined }),
        [account('quiet', false)],
      ),
      kept('a token with an audience, asked for by name', {
        volumes: [
          { name: 'token', projected: { sources: [{ serviceAccountToken: { audience: 'vault' } }] } },
        ],
      }),
    ],
  },
  'dedicated-service-account': {
    violating: [
      broken('none', { serviceAccountName: undefined }),
      broken('the default', { serviceAccountName: 'default' }),
      broken('one that does not exist', { serviceAccountName: 'ghost' }),
    ],
    passing: [
      accepted('one beside that of another workload', other('other'), [
        deployment(),
        account('other', false),
      ]),
    ],
  },
  'no-wildcard-rbac': {
    violating: [
      refused('every verb', role('Role', { verbs: ['*'], resources: ['pods'] }), {
        'rules[0].verbs[0]': '*',
      }),
      refused('every resource', role('ClusterRole', { verbs: ['get'], resources: ['pods', '*'] }), {
        'rules[0].resources[1]': '*',
      }),
      refused('every path', role('ClusterRole', { verbs: ['get'], nonResourceURLs: ['/admin/*'] }), {
        'rules[0].nonResourceURLs[0]': '/admin/*',
      }),
      refused(
        'an administrator',
        object(rbac, 'ClusterRoleBinding', { roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }),
        { 'roleRef.name': 'cluster-admin' },
      ),
    ],
    passing: [
      accepted('a list', role('Role', { verbs: ['get'], resources: ['pods'], apiGroups: [''] })),
      accepted('a binding of an own role', object(rbac, 'RoleBinding', { roleRef: { name: 'reader' } })),
    ],
  },
};

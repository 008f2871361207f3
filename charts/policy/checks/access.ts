import { overKinds, overPods, type Check } from '../check';
import { nameOf, namespaceOf } from '../folder';
import { podOf } from '../pod';

export const noServiceAccountToken: Check = {
  id: 'no-service-account-token',
  title: 'No pod is given a token for the Kubernetes API',
  reason: 'An intruder in the pod finds it in a file and speaks to the API server with it.',
  fix: 'Set automountServiceAccountToken to false on the pod or its ServiceAccount. A program that needs the API mounts a projected serviceAccountToken with an audience and an expiry.',
  examine: overPods((pod, object, folder) => {
    const setting = pod.get('automountServiceAccountToken');
    if (setting.value === false) return [];
    const account = folder
      .beside(object, 'ServiceAccount.')
      .find((candidate) => nameOf(candidate) === (pod.get('serviceAccountName').value ?? 'default'));
    const isOffByAccount = account?.get('automountServiceAccountToken').value === false;
    return !setting.isSet && isOffByAccount ? [] : [setting];
  }),
};

export const dedicatedServiceAccount: Check = {
  id: 'dedicated-service-account',
  title: 'Every workload runs as a ServiceAccount of its own, which is defined beside it',
  reason:
    'As `default`, or as an account that it shares, it gets the rights that were meant for another, and without the account no pod is created.',
  fix: 'Define a ServiceAccount in the namespace and name it in serviceAccountName of this workload alone.',
  examine: overPods((pod, object, folder) => {
    const account = pod.get('serviceAccountName');
    const exists = folder
      .beside(object, 'ServiceAccount.')
      .some((candidate) => nameOf(candidate) === account.value);
    const isShared = folder.workloads.some(
      (other) =>
        namespaceOf(other) === namespaceOf(object) &&
        (nameOf(other) !== nameOf(object) || other.get('kind').value !== object.get('kind').value) &&
        podOf(other)?.get('serviceAccountName').value === account.value,
    );
    return account.isSet && account.value !== 'default' && exists && !isShared ? [] : [account];
  }),
};

const rbac = 'rbac.authorization.k8s.io';

const inspectRules = overKinds([`Role.${rbac}`, `ClusterRole.${rbac}`], (role) =>
  role
    .get('rules')
    .items.flatMap((rule) =>
      ['verbs', 'resources', 'apiGroups', 'nonResourceURLs'].flatMap((key) => rule.get(key).items),
    )
    .filter(({ value }) => typeof value === 'string' && value.includes('*')),
);

const inspectBindings = overKinds([`RoleBinding.${rbac}`, `ClusterRoleBinding.${rbac}`], (binding) => {
  const role = binding.get('roleRef').get('name');
  return role.value === 'cluster-admin' ? [role] : [];
});

export const noWildcardRbac: Check = {
  id: 'no-wildcard-rbac',
  title: 'No role grants a wildcard, and no binding makes an administrator',
  reason: 'A wildcard also grants what is added to the API later, secrets and roles among it.',
  fix: 'List the verbs, resources and API groups that the program uses, and bind a role that holds only these.',
  examine: (object, folder) => [...inspectRules(object, folder), ...inspectBindings(object, folder)],
};

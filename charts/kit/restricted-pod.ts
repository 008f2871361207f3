import type { k8s } from 'cdk8s-plus-28';

/** Above 10000, so that it is no user of the node even where a container escapes. */
const uid = 65_532;

/** Of files that come from a Secret: read by owner and group only; the pod's fsGroup is the group. */
export const secretFileMode = 0o440;

/** What every pod of ours has: the level `restricted` admits it, and it knows no more of the cluster than it needs. */
export function restrictedPod(serviceAccountName: string) {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    // Else each Service of the namespace adds variables to the environment.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: uid,
      fsGroup: uid,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // With the default of 5, each lookup of an outside host first asks for it in four domains of the cluster.
    dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
  } satisfies Partial<k8s.PodSpec>;
}

/** What every container of ours may: nothing beyond its own process and its mounted folders. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
} satisfies k8s.SecurityContext;

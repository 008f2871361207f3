import { overContainers, overPods, type Check } from '../check';
import type { Field } from '../field';
import { containersOf } from '../pod';

/** A hostPath is no-host-access's matter. */
const admittedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'hostPath',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];

const safeSelinuxTypes = ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

function refusedSelinux(context: Field): readonly Field[] {
  const selinux = context.get('seLinuxOptions');
  const type = selinux.get('type');
  return [
    ...[selinux.get('user'), selinux.get('role')].filter(({ isSet, value }) => isSet && value !== ''),
    ...(type.isSet && type.value !== '' && !safeSelinuxTypes.includes(String(type.value)) ? [type] : []),
  ];
}

/**
 * What the standard demands beyond the checks for user, privileges, capabilities, seccomp and host access.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const podSecurityAdmitted: Check = {
  id: 'pod-security-admitted',
  title: 'Pod Security `restricted` admits every pod',
  reason: 'The API server creates the Deployment and then none of its pods: the rollout hangs.',
  fix: 'Use volumes of the kinds that the standard lists, and remove seLinuxOptions, unsafe sysctls, an Unconfined AppArmor profile and hosts in probes.',
  examine: overPods((pod) => {
    const containers = containersOf(pod);
    const contexts = [pod, ...containers].map((level) => level.get('securityContext'));
    const volumes = pod
      .get('volumes')
      .items.flatMap((volume) => volume.entries)
      .filter(([key, source]) => key !== 'name' && source.isSet && !admittedVolumes.includes(key))
      .map(([, source]) => source);
    const sysctls = pod
      .get('securityContext')
      .get('sysctls')
      .items.map((sysctl) => sysctl.get('name'))
      .filter(({ value }) => !safeSysctls.includes(String(value)));
    const profiles = contexts
      .map((context) => context.get('appArmorProfile').get('type'))
      .filter(({ value }) => value === 'Unconfined');
    const probeHosts = containers
      .flatMap((container) =>
        ['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((probe) =>
          ['httpGet', 'tcpSocket'].map((action) => container.get(probe).get(action).get('host')),
        ),
      )
      .filter(({ isSet, value }) => isSet && value !== '');
    return [...volumes, ...sysctls, ...contexts.flatMap(refusedSelinux), ...profiles, ...probeHosts];
  }),
};

export const defaultProcMount: Check = {
  id: 'default-proc-mount',
  title: 'Every container sees /proc with the masks of the runtime',
  reason:
    'Unmasked, it shows a process the keys and counters of the kernel, and lets some of them be written.',
  fix: 'Remove securityContext.procMount from the container.',
  examine: overContainers((container) => {
    const setting = container.get('securityContext').get('procMount');
    return setting.isSet && setting.value !== 'Default' ? [setting] : [];
  }),
};

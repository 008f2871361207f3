import { overContainers, type Check } from '../check';
import { inheritedSetting } from '../pod';

export const noPrivilegeEscalation: Check = {
  id: 'no-privilege-escalation',
  title: 'No process gains more rights than its parent',
  reason: 'A setuid program in the image would make root out of any user. Kubernetes allows it by default.',
  fix: 'Set securityContext.allowPrivilegeEscalation to false on every container; the pod has no such field.',
  examine: overContainers((container) => {
    const setting = container.get('securityContext').get('allowPrivilegeEscalation');
    return setting.value === false ? [] : [setting];
  }),
};

export const notPrivileged: Check = {
  id: 'not-privileged',
  title: 'No container is privileged',
  reason: 'A privileged container has every device and capability of the node: it is root there.',
  fix: 'Remove securityContext.privileged from the container.',
  examine: overContainers((container) => {
    const setting = container.get('securityContext').get('privileged');
    return setting.isSet && setting.value !== false ? [setting] : [];
  }),
};

export const readOnlyRootFilesystem: Check = {
  id: 'read-only-root-filesystem',
  title: 'Every root filesystem is read-only',
  reason:
    'An intruder could replace the program or leave tools behind, and a runaway log could fill the disk of the node.',
  fix: 'Set securityContext.readOnlyRootFilesystem to true on every container (the pod has no such field), and mount an emptyDir with a sizeLimit where it must write.',
  examine: overContainers((container) => {
    const setting = container.get('securityContext').get('readOnlyRootFilesystem');
    return setting.value === true ? [] : [setting];
  }),
};

export const dropAllCapabilities: Check = {
  id: 'drop-all-capabilities',
  title: 'Every container drops all capabilities',
  reason:
    'The default set lets a process forge network packets, change file owners and bypass file permissions.',
  fix: 'Set securityContext.capabilities.drop to [ALL] on every container, in capitals: Pod Security refuses other spellings.',
  examine: overContainers((container) => {
    const drop = container.get('securityContext').get('capabilities').get('drop');
    return drop.items.some((capability) => capability.value === 'ALL') ? [] : [drop];
  }),
};

export const noAddedCapabilities: Check = {
  id: 'no-added-capabilities',
  title: 'No container adds a capability',
  reason: 'An added capability takes back part of what dropping all of them gave.',
  fix: 'Remove securityContext.capabilities.add; a port from 1024 up needs no NET_BIND_SERVICE.',
  examine: overContainers((container) => {
    const add = container.get('securityContext').get('capabilities').get('add');
    const isEmptyList = Array.isArray(add.value) && add.value.length === 0;
    return add.isSet && !isEmptyList ? [add] : [];
  }),
};

export const seccompRuntimeDefault: Check = {
  id: 'seccomp-runtime-default',
  title: 'Every container runs under the seccomp profile of the runtime',
  reason: 'Every system call of the kernel is open, also those that only exploits use.',
  fix: 'Set securityContext.seccompProfile to {type: RuntimeDefault} on the pod, and to nothing else on a container.',
  examine: overContainers((container, pod) => {
    const type = inheritedSetting(pod, container, 'seccompProfile').get('type');
    return type.value === 'RuntimeDefault' ? [] : [type];
  }),
};

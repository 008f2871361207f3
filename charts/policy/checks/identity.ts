import { overContainers, overPods, type Check } from '../check';
import type { Field } from '../field';
import { inheritedSetting } from '../pod';

/** IDs up to here are handed out to people and services of a node. */
const highestHostId = 10_000;

export const runAsNonRoot: Check = {
  id: 'run-as-non-root',
  title: 'Every container runs as a user that is not root',
  reason: 'A process that escapes its container as root is root on the node.',
  fix: 'Set securityContext.runAsNonRoot to true on the pod, and on no container to false.',
  examine: overContainers((container, pod) => {
    const setting = inheritedSetting(pod, container, 'runAsNonRoot');
    return setting.value === true ? [] : [setting];
  }),
};

const inspectProcessIds = overContainers((container, pod) =>
  [inheritedSetting(pod, container, 'runAsUser'), inheritedSetting(pod, container, 'runAsGroup')].filter(
    (id) => !isAboveHostIds(id),
  ),
);

const inspectVolumeIds = overPods((pod) => {
  const context = pod.get('securityContext');
  return [context.get('fsGroup'), ...context.get('supplementalGroups').items].filter(
    (id) => id.isSet && !isAboveHostIds(id),
  );
});

export const highIds: Check = {
  id: 'high-uid-and-gid',
  title: `Every UID and GID is above ${highestHostId}`,
  reason:
    'A low ID can belong to a user of the node: an escaped process, or a shared volume, then has the rights of that user. ' +
    'Without an ID the image decides, and a group left out is the group of root.',
  fix: `Set securityContext.runAsUser and runAsGroup on the pod to a number above ${highestHostId}, and fsGroup and supplementalGroups too where they are used.`,
  examine: (object, folder) => [...inspectProcessIds(object, folder), ...inspectVolumeIds(object, folder)],
};

function isAboveHostIds({ value }: Field): boolean {
  return typeof value === 'number' && value > highestHostId;
}

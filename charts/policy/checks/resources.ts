import { overContainers, overPods, type Check } from '../check';
import type { Field } from '../field';
import { scheduledContainersOf } from '../pod';
import { quantity } from '../quantity';

const demanded = ['cpu', 'memory', 'ephemeral-storage'];

/** Examines the resources of every container but ephemeral ones, which can have none. */
function overResources(examine: (resources: Field) => readonly Field[]): Check['examine'] {
  return overPods((pod) =>
    scheduledContainersOf(pod).flatMap((container) => examine(container.get('resources'))),
  );
}

export const resourceRequestsAndLimits: Check = {
  id: 'resource-requests-and-limits',
  title: 'Every container requests and is limited in CPU, memory and local storage',
  reason:
    'Without a request the scheduler overfills the node, and without a limit one pod starves or evicts its neighbours.',
  fix: 'Set cpu, memory and ephemeral-storage under resources.requests and resources.limits.',
  examine: overResources((resources) =>
    ['requests', 'limits']
      .flatMap((bound) => demanded.map((resource) => resources.get(bound).get(resource)))
      .filter(({ value }) => !((quantity(value) ?? 0) > 0)),
  ),
};

export const memoryRequestEqualsLimit: Check = {
  id: 'memory-request-equals-limit',
  title: 'Every container requests the memory that it may use',
  reason:
    'What is above the request is promised to several pods at once: when the node runs out, the kernel kills one of them.',
  fix: 'Set resources.requests.memory to resources.limits.memory, or state the reason in an exception.',
  examine: overResources((resources) => {
    const request = resources.get('requests').get('memory');
    const limit = resources.get('limits').get('memory');
    // A missing one is resource-requests-and-limits' matter.
    if (!request.isSet || !limit.isSet) return [];
    return quantity(request.value) === quantity(limit.value) ? [] : [request];
  }),
};

export const boundedEmptyDirs: Check = {
  id: 'bounded-empty-dirs',
  title: 'Every emptyDir has a size limit',
  reason: 'One pod can fill the disk of the node, or its memory, and have its neighbours evicted.',
  fix: 'Set emptyDir.sizeLimit.',
  examine: overPods((pod) =>
    pod
      .get('volumes')
      .items.map((volume) => volume.get('emptyDir'))
      .filter((directory) => directory.isSet)
      .map((directory) => directory.get('sizeLimit'))
      .filter(({ value }) => !((quantity(value) ?? 0) > 0)),
  ),
};

export const noSubPath: Check = {
  id: 'no-sub-path',
  title: 'No volume is mounted by subPath',
  reason:
    'Such a mount is never updated: a rotated secret or a changed configuration does not reach the program.',
  fix: 'Mount the volume as a folder, and choose its files with items.',
  examine: overContainers((container) =>
    container
      .get('volumeMounts')
      .items.flatMap((mount) => [mount.get('subPath'), mount.get('subPathExpr')])
      .filter(({ isSet, value }) => isSet && value !== ''),
  ),
};

import { overContainers, overKinds, type Check } from '../check';
import type { Field } from '../field';

/** Below this a process needs root or NET_BIND_SERVICE to listen. */
const firstUnprivilegedPort = 1024;

const inspectContainerPorts = overContainers((container) =>
  container
    .get('ports')
    .items.map((port) => port.get('containerPort'))
    .filter((port) => !isUnprivileged(port)),
);

/** A Service without a selector leads to addresses outside the cluster, whose ports are not ours to choose. */
const inspectServiceTargets = overKinds(['Service.'], (object) => {
  const spec = object.get('spec');
  if (!spec.get('selector').isSet) return [];
  return spec
    .get('ports')
    .items.map((port) => (port.get('targetPort').isSet ? port.get('targetPort') : port.get('port')))
    .filter((target) => typeof target.value !== 'string' && !isUnprivileged(target));
});

export const unprivilegedPorts: Check = {
  id: 'unprivileged-ports',
  title: `Every container listens on ports from ${firstUnprivilegedPort} up`,
  reason:
    'A lower port needs root or a capability on many nodes, so the container fails there or is given more rights.',
  fix: `Let the program listen on a port from ${firstUnprivilegedPort} up, and map the public port to it with the targetPort of the Service.`,
  examine: (object, folder) => [
    ...inspectContainerPorts(object, folder),
    ...inspectServiceTargets(object, folder),
  ],
};

function isUnprivileged({ value }: Field): boolean {
  return typeof value === 'number' && value >= firstUnprivilegedPort;
}

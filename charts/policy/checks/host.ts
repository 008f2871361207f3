import { overPods, type Check } from '../check';
import { containersOf } from '../pod';

export const noHostAccess: Check = {
  id: 'no-host-access',
  title: 'No pod uses the network, processes, memory, paths or ports of its node',
  reason:
    'The network of the node escapes every NetworkPolicy, its processes and paths hold the secrets of other pods, and a host port ' +
    'lets one pod per node run and answers outside the Service.',
  fix: 'Remove hostNetwork, hostPID and hostIPC, use a Service in place of a hostPort, and a persistentVolumeClaim, emptyDir, configMap or secret in place of a hostPath.',
  examine: overPods((pod) => {
    const namespaces = ['hostNetwork', 'hostPID', 'hostIPC']
      .map((key) => pod.get(key))
      .filter((shared) => shared.isSet && shared.value !== false);
    const paths = pod
      .get('volumes')
      .items.map((volume) => volume.get('hostPath'))
      .filter((path) => path.isSet);
    const ports = containersOf(pod)
      .flatMap((container) => container.get('ports').items)
      .map((port) => port.get('hostPort'))
      .filter((port) => port.isSet && port.value !== 0);
    return [...namespaces, ...paths, ...ports];
  }),
};

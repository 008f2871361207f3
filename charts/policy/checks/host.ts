import { overPods, type Check } from '../check';
import type { Field } from '../field';
import { containersOf } from '../pod';

const runtimeSockets = [
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/podman/podman.sock',
  '/run/cri-dockerd.sock',
];

/** True for a path that is a socket of a container runtime, or a folder that holds one. */
function leadsToRuntime(path: unknown): boolean {
  if (typeof path !== 'string') return false;
  const place = path.replace(/\/+/g, '/').replace(/^\/var\/run(?=\/|$)/, '/run');
  const folder = place.endsWith('/') ? place : `${place}/`;
  return runtimeSockets.some((socket) => `${socket}/`.startsWith(folder));
}

function hostPathsOf(pod: Field): readonly Field[] {
  return pod
    .get('volumes')
    .items.map((volume) => volume.get('hostPath'))
    .filter((path) => path.isSet);
}

export const noRuntimeSocket: Check = {
  id: 'no-runtime-socket',
  title: 'No pod reaches the socket of the container runtime',
  reason: 'Whoever can write to the socket starts a privileged container: that is root on the node.',
  fix: 'Remove the hostPath. Ask the Kubernetes API for what was asked of the runtime.',
  examine: overPods((pod) =>
    hostPathsOf(pod)
      .map((volume) => volume.get('path'))
      .filter(({ value }) => leadsToRuntime(value)),
  ),
};

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
    // A runtime's socket is a matter of its own, so that an exception for a path never opens it.
    const paths = hostPathsOf(pod).filter((path) => !leadsToRuntime(path.get('path').value));
    const ports = containersOf(pod)
      .flatMap((container) => container.get('ports').items)
      .map((port) => port.get('hostPort'))
      .filter((port) => port.isSet && port.value !== 0);
    return [...namespaces, ...paths, ...ports];
  }),
};

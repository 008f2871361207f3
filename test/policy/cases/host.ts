import { broken, brokenAt, kept, type Cases } from '../case';

export const host: Cases = {
  'no-host-access': {
    violating: [
      broken('the network', { hostNetwork: true }),
      broken('a text in place of the truth value', { hostNetwork: 'false' }),
      broken('the processes', { hostPID: true }),
      broken('the shared memory', { hostIPC: true }),
      brokenAt(
        'a path',
        { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] },
        { 'volumes[0].hostPath': { path: '/var/log' } },
      ),
      broken('a port', { 'containers[0].ports[0].hostPort': 8080 }),
    ],
    passing: [
      kept('everything said to be unshared', {
        hostNetwork: false,
        hostPID: false,
        hostIPC: false,
        'containers[0].ports[0].hostPort': 0,
      }),
    ],
  },
  'no-runtime-socket': {
    violating: ['/var/run/docker.sock', '/run/containerd/containerd.sock', '/var/run', '/'].map((path) =>
      brokenAt(
        `the path ${path}`,
        { volumes: [{ name: 'node', hostPath: { path } }] },
        { 'volumes[0].hostPath.path': path },
      ),
    ),
    passing: [kept('a volume of another kind', { volumes: [{ name: 'a', configMap: { name: 'a' } }] })],
  },
};

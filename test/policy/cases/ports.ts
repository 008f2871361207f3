import { accepted, broken, kept, refused, type Cases } from '../case';
import { deployment } from '../deployment';
import { service } from '../objects';

export const ports: Cases = {
  'unprivileged-ports': {
    violating: [
      broken('the last privileged port', { 'containers[0].ports[0].containerPort': 1023 }),
      broken('a port in quotes', { 'containers[0].ports[0].containerPort': '8080' }),
      refused(
        'a Service that leads to a privileged port',
        service({ 'ports[0].targetPort': 443 }),
        { 'spec.ports[0].targetPort': 443 },
        [deployment()],
      ),
      refused(
        'a Service whose target is its own low port',
        service({ 'ports[0].targetPort': null }),
        { 'spec.ports[0].port': 80 },
        [deployment()],
      ),
    ],
    passing: [
      kept('the first unprivileged port', { 'containers[0].ports[0].containerPort': 1024 }),
      accepted('a Service of another API group', {
        ...service({ 'ports[0].targetPort': 80 }),
        apiVersion: 'serving.knative.dev/v1',
      }),
      accepted('a low Service port with a high target', service(), [deployment()]),
      accepted('a target named by the container', service({ 'ports[0].targetPort': 'http' }), [deployment()]),
      accepted(
        'a Service for addresses outside the cluster',
        service({ selector: undefined, 'ports[0].targetPort': 443 }),
      ),
    ],
  },
};

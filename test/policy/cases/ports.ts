import { broken, kept, type Cases } from '../case';
import { service } from '../deployment';

export const ports: Cases = {
  'unprivileged-ports': {
    violating: [
      broken('the last privileged port', { 'containers[0].ports[0].containerPort': 1023 }),
      broken('a port in quotes', { 'containers[0].ports[0].containerPort': '8080' }),
      {
        name: 'a Service that leads to a privileged port',
        manifest: service({ 'ports[0].targetPort': 443 }),
        findings: { 'spec.ports[0].targetPort': 443 },
      },
      {
        name: 'a Service whose target is its own low port',
        manifest: service({ 'ports[0].targetPort': null }),
        findings: { 'spec.ports[0].port': 80 },
      },
    ],
    passing: [
      kept('the first unprivileged port', { 'containers[0].ports[0].containerPort': 1024 }),
      {
        name: 'a Service of another API group',
        manifest: { ...service({ 'ports[0].targetPort': 80 }), apiVersion: 'serving.knative.dev/v1' },
      },
      { name: 'a low Service port with a high target', manifest: service() },
      {
        name: 'a target named by the container',
        manifest: service({ 'ports[0].targetPort': 'http' }),
      },
      {
        name: 'a Service for addresses outside the cluster',
        manifest: service({ selector: undefined, 'ports[0].targetPort': 443 }),
      },
    ],
  },
};

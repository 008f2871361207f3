import { accepted, refused, type Cases } from '../case';
import { withChanges, type Changes, type Fields } from '../changes';
import { deployment } from '../deployment';
import { budget, selector, service, specified } from '../objects';

const gateway = () => [deployment()];
const served = () => [deployment(), service()];
const matchLabels = { 'app.kubernetes.io/name': 'other' };

function monitor(changes: Changes = {}): Fields {
  const spec = { selector: { matchLabels: { ...selector } }, endpoints: [{ port: 'http' }] };
  return specified('monitoring.coreos.com/v1', 'ServiceMonitor', spec, changes);
}

function podMonitor(port: string): Fields {
  const spec = { selector: { matchLabels: { ...selector } }, podMetricsEndpoints: [{ port }] };
  return specified('monitoring.coreos.com/v1', 'PodMonitor', spec);
}

export const services: Cases = {
  'cluster-ip-services': {
    violating: [
      ...['NodePort', 'LoadBalancer', 'ExternalName'].map((type) =>
        refused(type, service({ type }), { 'spec.type': type }, gateway()),
      ),
      refused(
        'an address of its own',
        service({ externalIPs: ['192.0.2.1'] }),
        {
          'spec.externalIPs': ['192.0.2.1'],
        },
        gateway(),
      ),
    ],
    passing: [accepted('no address at all', service({ type: 'ClusterIP', clusterIP: 'None' }), gateway())],
  },
  'selectors-match': {
    violating: [
      refused('a Service', service({ selector: matchLabels }), { 'spec.selector': matchLabels }, gateway()),
      refused(
        'a budget',
        budget({ selector: { matchLabels } }),
        { 'spec.selector': { matchLabels } },
        gateway(),
      ),
      refused('a Deployment', withChanges(deployment(), { 'spec.selector': { matchLabels } }), {
        'spec.selector': { matchLabels },
      }),
      refused(
        'a Service of another namespace',
        withChanges(service(), { 'metadata.namespace': 'staging' }),
        { 'spec.selector': selector },
        gateway(),
      ),
    ],
    passing: [accepted('a Service with its pods', service(), gateway())],
  },
  'service-monitor-port': {
    violating: [
      refused(
        'a port of no Service',
        monitor({ 'endpoints[0].port': 'metrics' }),
        {
          'spec.endpoints[0].port': 'metrics',
        },
        served(),
      ),
      refused(
        'no Service',
        monitor({ 'selector.matchLabels': matchLabels }),
        {
          'spec.selector': { matchLabels },
        },
        served(),
      ),
      refused(
        'no Service in the namespaces it names',
        monitor({ namespaceSelector: { matchNames: ['staging'] } }),
        {
          'spec.selector': { matchLabels: selector },
        },
        served(),
      ),
      refused(
        'a port of no container',
        podMonitor('metrics'),
        {
          'spec.podMetricsEndpoints[0].port': 'metrics',
        },
        gateway(),
      ),
    ],
    passing: [
      accepted('the port of the Service', monitor(), served()),
      accepted(
        'a Service in any namespace',
        withChanges(monitor({ namespaceSelector: { any: true } }), {
          'metadata.namespace': 'monitoring',
        }),
        served(),
      ),
      accepted('the port of the container', podMonitor('http'), gateway()),
    ],
  },
};

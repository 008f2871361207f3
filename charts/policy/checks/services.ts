import { overKinds, type Check } from '../check';
import type { Field } from '../field';
import { namespaceOf, type Folder } from '../folder';
import { podLabelsOf, podOf } from '../pod';
import { isEmptySelector, selects, selectsByMap, workloadsSelected } from '../selector';

export const clusterIpServices: Check = {
  id: 'cluster-ip-services',
  title: 'Every Service is reached inside the cluster only',
  reason:
    'A node port or a load balancer of its own leads past the entry, with its TLS, its limits and its log.',
  fix: 'Set type to ClusterIP and remove externalIPs. Let the ingress gateway be the only way in.',
  examine: overKinds(['Service.'], (service) => {
    const [type, external] = [service.get('spec').get('type'), service.get('spec').get('externalIPs')];
    return [
      ...(type.isSet && type.value !== 'ClusterIP' ? [type] : []),
      ...(external.items.length > 0 ? [external] : []),
    ];
  }),
};

const inspectServices = overKinds(['Service.'], (service, folder) => {
  const selector = service.get('spec').get('selector');
  // Without a selector someone else writes the endpoints.
  if (!selector.isSet) return [];
  const selected = workloadsSelected(folder, service, (labels) => selectsByMap(selector, labels));
  return selected.length > 0 ? [] : [selector];
});

const inspectBudgets = overKinds(['PodDisruptionBudget.policy'], (budget, folder) => {
  const selector = budget.get('spec').get('selector');
  return workloadsSelected(folder, budget, (labels) => selects(selector, labels)).length > 0
    ? []
    : [selector];
});

const inspectWorkloads = overKinds(
  ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'ReplicaSet.apps'],
  (workload) => {
    const selector = workload.get('spec').get('selector');
    return !isEmptySelector(selector) && selects(selector, podLabelsOf(workload)) ? [] : [selector];
  },
);

export const selectorsMatch: Check = {
  id: 'selectors-match',
  title: 'Every Service, PodDisruptionBudget and workload selects pods that are defined beside it',
  reason:
    'A Service that selects nothing has no endpoints, a budget that selects nothing bounds nothing, and a workload that does not select its own pods is refused.',
  fix: 'Write the labels of the pod template into the selector.',
  examine: (object, folder) =>
    [inspectServices, inspectBudgets, inspectWorkloads].flatMap((inspect) => inspect(object, folder)),
};

const monitoring = 'monitoring.coreos.com';

/** The objects of a kind that a monitor looks at: its own namespace, unless it names others or any. */
function monitored(monitor: Field, kind: string, folder: Folder): readonly Field[] {
  const selector = monitor.get('spec').get('namespaceSelector');
  const names = selector.get('matchNames').items.map(({ value }) => value);
  const namespaces = names.length === 0 ? [namespaceOf(monitor)] : names;
  const isLookedAt = (object: Field) =>
    selector.get('any').value === true || namespaces.includes(namespaceOf(object));
  return folder.ofKind(kind).filter(isLookedAt);
}

/** Ports that a monitor asks for and none of the selected objects has; the selector, where it selects none. */
function unscrapable(
  monitor: Field,
  endpoints: Field,
  portNames: readonly (readonly unknown[])[],
): readonly Field[] {
  if (portNames.length === 0) return [monitor.get('spec').get('selector')];
  return endpoints.items
    .map((endpoint) => endpoint.get('port'))
    .filter(({ isSet, value }) => isSet && !portNames.some((names) => names.includes(value)));
}

const inspectServiceMonitors = overKinds([`ServiceMonitor.${monitoring}`], (monitor, folder) => {
  const spec = monitor.get('spec');
  const services = monitored(monitor, 'Service.', folder).filter((service) =>
    selects(spec.get('selector'), service.get('metadata').get('labels')),
  );
  const portsOf = (service: Field) =>
    service
      .get('spec')
      .get('ports')
      .items.map((port) => port.get('name').value);
  return unscrapable(monitor, spec.get('endpoints'), services.map(portsOf));
});

const inspectPodMonitors = overKinds([`PodMonitor.${monitoring}`], (monitor, folder) => {
  const spec = monitor.get('spec');
  const portsOf = (workload: Field) =>
    (podOf(workload)?.get('containers').items ?? [])
      .flatMap((container) => container.get('ports').items)
      .map((port) => port.get('name').value);
  const pods = folder.workloads.filter(
    (workload) =>
      namespaceOf(workload) === namespaceOf(monitor) && selects(spec.get('selector'), podLabelsOf(workload)),
  );
  return unscrapable(monitor, spec.get('podMetricsEndpoints'), pods.map(portsOf));
});

export const serviceMonitorPort: Check = {
  id: 'service-monitor-port',
  title: 'Every ServiceMonitor and PodMonitor names a port of what it selects',
  reason: 'Prometheus finds no target and says nothing: the alerts stay silent because there is no series.',
  fix: 'Write the name of a port of the Service (for a PodMonitor: of the container) in port, and labels that it carries in selector.',
  examine: (object, folder) => [
    ...inspectServiceMonitors(object, folder),
    ...inspectPodMonitors(object, folder),
  ],
};

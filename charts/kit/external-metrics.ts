import type { Metric } from '../../gateway-app/contract/metrics';

const gauge = <Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
): Metric<'gauge', Label> => ({ name, type: 'gauge', unit: 'count', labels, help });

const counter = <Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
): Metric<'counter', Label> => ({ name, type: 'counter', unit: 'count', labels, help });

/** What Prometheus, kube-state-metrics and the kubelet say of the gateway, as far as rules here read it. */
export const externalMetrics = {
  up: gauge('up', [], '1 where the last scrape of a target succeeded.'),
  hpaReplicas: gauge(
    'kube_horizontalpodautoscaler_status_current_replicas',
    ['horizontalpodautoscaler'],
    'Pods that the autoscaler counts.',
  ),
  hpaMaxReplicas: gauge(
    'kube_horizontalpodautoscaler_spec_max_replicas',
    ['horizontalpodautoscaler'],
    'Pods that the autoscaler makes at most.',
  ),
  unavailableReplicas: gauge(
    'kube_deployment_status_replicas_unavailable',
    ['deployment'],
    'Pods of a Deployment that are wanted and do not serve.',
  ),
  resourceLimits: gauge(
    'kube_pod_container_resource_limits',
    ['pod', 'container', 'resource', 'unit'],
    'Limit of a container.',
  ),
  memoryWorkingSet: gauge(
    'container_memory_working_set_bytes',
    ['pod', 'container'],
    'Memory of a container that the kernel cannot take back; at the limit it kills.',
  ),
  cpuPeriods: counter(
    'container_cpu_cfs_periods_total',
    ['pod', 'container'],
    'Scheduler periods in which a container wanted CPU.',
  ),
  throttledCpuPeriods: counter(
    'container_cpu_cfs_throttled_periods_total',
    ['pod', 'container'],
    'Of these, the periods in which it had used up its limit.',
  ),
} as const;

import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase, type Values } from './condition-cases';
import { expected } from './expected';
import { type Labels, series } from './sample-series';

const pod = 'gateway-1';

/** Memory and CPU, as the kubelet and kube-state-metrics report them. */
export function containerCases(scrape: ScrapeLabels): AlertCase[] {
  return [...memoryCases(scrape), ...throttlingCases(scrape)];
}

function memoryCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace } = scrape;
  const alert = 'MemoryNearLimit';
  const used = 'container_memory_working_set_bytes';
  const memory = (usedBytes: number, labels: Labels = {}): Values => {
    const where = { namespace, pod, container: 'gateway', ...labels };
    const limit = 'kube_pod_container_resource_limits';
    return {
      [series(used, where)]: usedBytes,
      [series(limit, { ...where, resource: 'memory', unit: 'byte' })]: 1000,
    };
  };
  const limitOf = (labels: Labels, value: number): Values => ({
    [series('kube_pod_container_resource_limits', {
      ...{ namespace, pod, container: 'gateway', resource: 'memory', unit: 'byte' },
      ...labels,
    })]: value,
  });
  const firing = [
    expected(
      scrape,
      alert,
      'warning',
      {
        summary: 'A pod of the gateway is about to be killed for its memory.',
        description: `${pod} in ${namespace} uses 90.5% of its memory limit.`,
      },
      { pod },
    ),
  ];
  const misleading = {
    'a container of the pod that is gone': {
      [series(used, { namespace, pod, container: 'gateway', id: 'gone' })]: 1,
    },
    'a report of an earlier, lower limit': limitOf({ instance: 'b' }, 950),
    'a limit of CPU': limitOf({ resource: 'cpu' }, 5000),
    'a limit in another unit': limitOf({ unit: 'integer' }, 5000),
    'the limit of a sidecar': limitOf({ container: 'istio-proxy' }, 5000),
    'the limit of a pod of the same name in another namespace': limitOf({ namespace: 'another' }, 5000),
  };
  return [
    ...conditionCases({
      alert,
      forMinutes: 10,
      kind: 'gauge',
      well: memory(899),
      ill: memory(905),
      firing,
      foreign: {
        'another namespace': memory(999, { namespace: 'another', pod: 'x' }),
        'a pod of the same name in another namespace': memory(999, { namespace: 'another' }),
        'a sidecar': memory(999, { container: 'istio-proxy' }),
      },
    }),
    ...Object.entries(misleading).map(([what, values]) =>
      steadyCase(alert, `is not misled by ${what}`, 'gauge', { ...memory(905), ...values }, firing),
    ),
  ];
}

function throttlingCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace } = scrape;
  const alert = 'CpuThrottling';
  const names = (labels: Labels = {}) => {
    const where = { namespace, pod, container: 'gateway', ...labels };
    return {
      throttled: series('container_cpu_cfs_throttled_periods_total', where),
      periods: series('container_cpu_cfs_periods_total', where),
    };
  };
  const periods = (throttledPerMinute: number, labels: Labels = {}): Values => ({
    [names(labels).throttled]: throttledPerMinute,
    [names(labels).periods]: 600,
  });
  const firing = (share: string) => [
    expected(
      scrape,
      alert,
      'warning',
      {
        summary: 'A pod of the gateway is held back by its CPU limit.',
        description: `${pod} in ${namespace} was stopped in ${share} of the scheduler's periods.`,
      },
      { pod },
    ),
  ];
  const recovery = {
    [names().throttled]: '0+600x30 18000x30',
    [names().periods]: '0+600x60',
  };
  return [
    ...conditionCases({
      alert,
      forMinutes: 15,
      kind: 'counter',
      well: periods(149),
      ill: periods(153),
      firing: firing('25.5%'),
      foreign: {
        'another namespace': periods(600, { namespace: 'another', pod: 'x' }),
        'a pod of the same name in another namespace': periods(600, { namespace: 'another' }),
        'a sidecar': periods(600, { container: 'istio-proxy' }),
      },
    }),
    // Its idle periods must not hide the gateway's.
    ...[{ namespace: 'another' }, { container: 'istio-proxy' }].map((labels: Labels) =>
      steadyCase(
        alert,
        `is not misled by idle periods of ${JSON.stringify(labels)}`,
        'counter',
        { ...periods(153), ...periods(0, labels) },
        firing('25.5%'),
      ),
    ),
    steadyCase(
      alert,
      'adds up the containers of a pod that started anew',
      'counter',
      { ...periods(153), ...periods(153, { id: 'before' }) },
      firing('25.5%'),
    ),
    {
      alert,
      name: 'still fires 3 minutes after it ends',
      series: recovery,
      atMinute: 33,
      firing: firing('40%'),
    },
    { alert, name: 'is silent 4 minutes after it ends', series: recovery, atMinute: 34, firing: [] },
  ];
}

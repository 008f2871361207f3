import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, type Values } from './condition-cases';
import { expected } from './expected';
import { type Labels, series } from './sample-series';

const pod = 'gateway-1';

export function saturationCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace, job } = scrape;
  const lag = (labels: Labels = {}) =>
    series('nodejs_eventloop_lag_p99_seconds', { ...scrape, pod, ...labels });
  return [
    ...conditionCases({
      alert: 'EventLoopDelay',
      forMinutes: 10,
      kind: 'gauge',
      well: { [lag()]: 0.0999 },
      ill: { [lag()]: 0.1005 },
      firing: [
        expected(
          scrape,
          'EventLoopDelay',
          'warning',
          {
            summary: 'A pod of the gateway is too busy to answer in time.',
            description: `The event loop of ${pod} in ${namespace} is late by 100.5ms.`,
          },
          { pod },
        ),
      ],
      foreign: {
        'another namespace': { [lag({ namespace: 'another', pod: 'x' })]: 9 },
        'another workload': { [lag({ job: 'another', pod: 'y' })]: 9 },
      },
    }),
    ...memoryCases(scrape),
    ...throttlingCases(scrape),
    ...conditionCases({
      alert: 'AutoscalerAtMaximum',
      forMinutes: 15,
      kind: 'gauge',
      well: autoscaler(namespace, job, 19, 20),
      ill: autoscaler(namespace, job, 20, 20),
      firing: [
        expected(scrape, 'AutoscalerAtMaximum', 'warning', {
          summary: 'The gateway cannot get more pods.',
          description: `${namespace}/${job} runs 20 pods, which is the autoscaler's maximum.`,
        }),
      ],
      foreign: {
        'another namespace': autoscaler('another', job, 30, 30),
        'another autoscaler': autoscaler(namespace, 'another', 30, 30),
      },
    }),
    // A far higher maximum elsewhere must not make this one look far away.
    ...[autoscaler('another', job, 1, 90), autoscaler(namespace, 'another', 1, 90)].map((other, index) => ({
      alert: 'AutoscalerAtMaximum',
      name: `is not misled by a higher maximum (${index === 0 ? 'another namespace' : 'another autoscaler'})`,
      series: Object.fromEntries(
        Object.entries({ ...autoscaler(namespace, job, 20, 20), ...other }).map(([name, v]) => [
          name,
          `${v}x60`,
        ]),
      ),
      atMinute: 40,
      firing: [
        expected(scrape, 'AutoscalerAtMaximum', 'warning', {
          summary: 'The gateway cannot get more pods.',
          description: `${namespace}/${job} runs 20 pods, which is the autoscaler's maximum.`,
        }),
      ],
    })),
  ];
}

function autoscaler(namespace: string, name: string, replicas: number, most: number): Values {
  const labels = { namespace, horizontalpodautoscaler: name, job: 'kube-state-metrics' };
  return {
    [series('kube_horizontalpodautoscaler_status_current_replicas', labels)]: replicas,
    [series('kube_horizontalpodautoscaler_spec_max_replicas', labels)]: most,
  };
}

function memoryCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace } = scrape;
  const memory = (usedBytes: number, labels: Labels = {}): Values => {
    const where = { namespace, pod, container: 'gateway', ...labels };
    const limit = 'kube_pod_container_resource_limits';
    return {
      [series('container_memory_working_set_bytes', where)]: usedBytes,
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
      'MemoryNearLimit',
      'warning',
      {
        summary: 'A pod of the gateway is about to be killed for its memory.',
        description: `${pod} in ${namespace} uses 90.5% of its memory limit.`,
      },
      { pod },
    ),
  ];
  const misleading = {
    'a limit of CPU': limitOf({ resource: 'cpu' }, 5000),
    'a limit in another unit': limitOf({ unit: 'integer' }, 5000),
    'the limit of a sidecar': limitOf({ container: 'istio-proxy' }, 5000),
    'the limit of a pod of the same name in another namespace': limitOf({ namespace: 'another' }, 5000),
  };
  return [
    ...conditionCases({
      alert: 'MemoryNearLimit',
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
    ...Object.entries(misleading).map(([what, values]) => ({
      alert: 'MemoryNearLimit',
      name: `is not misled by ${what}`,
      series: Object.fromEntries(
        Object.entries({ ...memory(905), ...values }).map(([name, value]) => [name, `${value}x60`]),
      ),
      atMinute: 40,
      firing,
    })),
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
    ...[{ namespace: 'another' }, { container: 'istio-proxy' }].map((labels: Labels) => ({
      alert,
      name: `is not misled by idle periods of ${JSON.stringify(labels)}`,
      series: Object.fromEntries(
        Object.entries({ ...periods(153), ...periods(0, labels) }).map(([name, v]) => [name, `0+${v}x60`]),
      ),
      atMinute: 40,
      firing: firing('25.5%'),
    })),
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

import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase, type Values } from './condition-cases';
import { expected } from './expected';
import { type Labels, series } from './sample-series';

const pod = 'gateway-1';

export function saturationCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace } = scrape;
  const lag = (labels: Labels = {}) =>
    series('nodejs_eventloop_lag_p99_seconds', { ...scrape, pod, ...labels });
  const late = [
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
  ];
  return [
    ...conditionCases({
      alert: 'EventLoopDelay',
      forMinutes: 10,
      kind: 'gauge',
      well: { [lag()]: 0.0999 },
      ill: { [lag()]: 0.1005 },
      firing: late,
      foreign: {
        'another namespace': { [lag({ namespace: 'another', pod: 'x' })]: 9 },
        'another workload': { [lag({ job: 'another', pod: 'y' })]: 9 },
      },
    }),
    steadyCase(
      'EventLoopDelay',
      'believes the worse of two series of a pod',
      'gauge',
      { [lag()]: 0.1005, [lag({ instance: 'b' })]: 0.01 },
      late,
    ),
    ...memoryCases(scrape),
    ...throttlingCases(scrape),
    ...autoscalerCases(scrape),
  ];
}

function autoscalerCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace, job } = scrape;
  const alert = 'AutoscalerAtMaximum';
  const autoscaler = (replicas: number, most: number, labels: Labels = {}): Values => {
    const where = { namespace, horizontalpodautoscaler: job, job: 'kube-state-metrics', ...labels };
    return {
      [series('kube_horizontalpodautoscaler_status_current_replicas', where)]: replicas,
      [series('kube_horizontalpodautoscaler_spec_max_replicas', where)]: most,
    };
  };
  const firing = [
    expected(scrape, alert, 'warning', {
      summary: 'The gateway cannot get more pods.',
      description: `${namespace}/${job} runs 20 pods, which is the autoscaler's maximum.`,
    }),
  ];
  const others = {
    'another namespace': { namespace: 'another' },
    'another autoscaler': { horizontalpodautoscaler: 'another' },
  };
  const secondReport = { instance: 'b' };
  return [
    ...conditionCases({
      alert,
      forMinutes: 15,
      kind: 'gauge',
      well: autoscaler(19, 20),
      ill: autoscaler(20, 20),
      firing,
      foreign: Object.fromEntries(
        Object.entries(others).map(([what, labels]) => [what, autoscaler(30, 30, labels)]),
      ),
    }),
    // A far higher maximum elsewhere must not make this one look far away.
    ...Object.entries(others).map(([what, labels]) =>
      steadyCase(
        alert,
        `is not misled by a higher maximum (${what})`,
        'gauge',
        { ...autoscaler(20, 20), ...autoscaler(1, 90, labels) },
        firing,
      ),
    ),
    steadyCase(
      alert,
      'believes the report of more pods',
      'gauge',
      { ...autoscaler(20, 20), ...autoscaler(19, 20, secondReport) },
      firing,
    ),
    steadyCase(
      alert,
      'believes the report of a higher maximum',
      'gauge',
      { ...autoscaler(19, 20), ...autoscaler(19, 19, secondReport) },
      [],
    ),
  ];
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

import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase, type Values } from './condition-cases';
import { expected } from './expected';
import { forEachPlace, type Labels, series } from './sample-series';

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
      foreign: forEachPlace((labels) => ({ [lag({ pod: 'x', ...labels })]: 9 })),
    }),
    steadyCase(
      'EventLoopDelay',
      'believes the worse of two series of a pod',
      'gauge',
      { [lag()]: 0.1005, [lag({ instance: 'b' })]: 0.01 },
      late,
    ),
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

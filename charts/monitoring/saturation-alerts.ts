import { Duration } from 'cdk8s';
import { metrics } from '../../gateway-app/contract/metrics';
import { externalMetrics } from '../kit/external-metrics';
import {
  above,
  atLeast,
  latest,
  maximum,
  objectSeriesOf,
  ratio,
  seriesOf,
  sumOfIncreases,
} from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import type { Alert } from './rule';

const throttlingWindow = Duration.minutes(5);

/** What runs short before users notice. */
export function saturationAlerts(workload: WorkloadRef): Alert[] {
  const { namespace, name, containerName: container } = workload;
  const autoscaler = { horizontalpodautoscaler: name };
  const byPod = ['pod'];
  return [
    {
      name: 'EventLoopDelay',
      severity: 'warning',
      // At the objective of the overhead: a request waits at least once for the loop.
      expression: above(maximum(latest(seriesOf(workload, metrics.eventLoopDelayP99)), byPod), 0.1),
      for: Duration.minutes(10),
      summary: 'A pod of the gateway is too busy to answer in time.',
      description: `The event loop of {{ $labels.pod }} in ${namespace} is late by {{ $value | humanizeDuration }}.`,
    },
    {
      name: 'MemoryNearLimit',
      severity: 'warning',
      expression: above(
        ratio(
          maximum(latest(objectSeriesOf(workload, externalMetrics.memoryWorkingSet, { container })), byPod),
          maximum(
            latest(
              objectSeriesOf(workload, externalMetrics.resourceLimits, {
                container,
                resource: 'memory',
                unit: 'byte',
              }),
            ),
            byPod,
          ),
        ),
        0.9,
      ),
      for: Duration.minutes(10),
      summary: 'A pod of the gateway is about to be killed for its memory.',
      description: `{{ $labels.pod }} in ${namespace} uses {{ $value | humanizePercentage }} of its memory limit.`,
    },
    {
      name: 'CpuThrottling',
      severity: 'warning',
      expression: above(
        ratio(
          sumOfIncreases(
            objectSeriesOf(workload, externalMetrics.throttledCpuPeriods, { container }),
            throttlingWindow,
            byPod,
          ),
          sumOfIncreases(
            objectSeriesOf(workload, externalMetrics.cpuPeriods, { container }),
            throttlingWindow,
            byPod,
          ),
        ),
        0.25,
      ),
      for: Duration.minutes(15),
      summary: 'A pod of the gateway is held back by its CPU limit.',
      description: `{{ $labels.pod }} in ${namespace} was stopped in {{ $value | humanizePercentage }} of the scheduler's periods.`,
    },
    {
      name: 'AutoscalerAtMaximum',
      severity: 'warning',
      expression: atLeast(
        maximum(latest(objectSeriesOf(workload, externalMetrics.hpaReplicas, autoscaler))),
        maximum(latest(objectSeriesOf(workload, externalMetrics.hpaMaxReplicas, autoscaler))),
      ),
      for: Duration.minutes(15),
      summary: 'The gateway cannot get more pods.',
      description: `${namespace}/${name} runs {{ $value }} pods, which is the autoscaler's maximum.`,
    },
  ];
}

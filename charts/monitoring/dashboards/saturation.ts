import { metrics } from '../../../gateway-app/contract/metrics';
import { externalMetrics } from '../../kit/external-metrics';
import {
  latest,
  maximum,
  minimum,
  objectSeriesOf,
  panelWindow,
  ratio,
  seriesOf,
  sum,
  sumOfIncreases,
  sumOfRates,
} from '../../kit/promql';
import type { WorkloadRef } from '../../kit/workload-ref';
import { chosen, type Dashboard } from './panel';

/** What runs short, and what runs on a makeshift. */
export function saturation({
  name,
  containerName: container,
}: Pick<WorkloadRef, 'name' | 'containerName'>): Dashboard {
  const scope = chosen(name);
  const byPod = ['pod'];
  const autoscaler = { horizontalpodautoscaler: name };
  return {
    suffix: 'saturation',
    title: 'Capacity and saturation',
    description: 'What runs short before users notice, and what runs on a makeshift.',
    rows: [
      {
        title: 'Pods',
        panels: [
          {
            title: 'CPU',
            description: 'Cores in use by each pod.',
            unit: 'short',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.processCpu), panelWindow, byPod),
                legend: '{{pod}}',
              },
            ],
          },
          {
            title: 'Stopped by the CPU limit',
            description: "Share of the scheduler's periods.",
            unit: 'percentunit',
            alarm: { at: 0.25 },
            queries: [
              {
                expression: ratio(
                  sumOfIncreases(
                    objectSeriesOf(scope, externalMetrics.throttledCpuPeriods, { container }),
                    panelWindow,
                    byPod,
                  ),
                  sumOfIncreases(
                    objectSeriesOf(scope, externalMetrics.cpuPeriods, { container }),
                    panelWindow,
                    byPod,
                  ),
                ),
                legend: '{{pod}}',
              },
            ],
          },
          {
            title: 'Memory',
            description: 'Resident memory of each pod; a pod that reaches its limit is killed.',
            unit: 'bytes',
            queries: [
              {
                expression: maximum(latest(seriesOf(scope, metrics.processResidentMemory)), byPod),
                legend: '{{pod}}',
              },
            ],
          },
          {
            title: 'Delay of the event loop, P99',
            description: 'A request waits at least once for the loop.',
            unit: 's',
            alarm: { at: 0.1 },
            queries: [
              {
                expression: maximum(latest(seriesOf(scope, metrics.eventLoopDelayP99)), byPod),
                legend: '{{pod}}',
              },
            ],
          },
        ],
      },
      {
        title: 'Number of pods',
        panels: [
          {
            title: 'Autoscaler',
            description: 'Pods that it counts, and the most that it makes.',
            unit: 'none',
            queries: [
              {
                expression: maximum(latest(objectSeriesOf(scope, externalMetrics.hpaReplicas, autoscaler))),
                legend: 'pods',
              },
              {
                expression: maximum(
                  latest(objectSeriesOf(scope, externalMetrics.hpaMaxReplicas, autoscaler)),
                ),
                legend: 'most',
              },
            ],
          },
          {
            title: 'Wanted and not serving',
            description: 'Pods of the Deployment.',
            unit: 'none',
            asNumber: true,
            alarm: { at: 1 },
            queries: [
              {
                expression: maximum(
                  latest(objectSeriesOf(scope, externalMetrics.unavailableReplicas, { deployment: name })),
                ),
                legend: 'pods',
              },
            ],
          },
        ],
      },
      {
        title: 'Makeshifts',
        panels: [
          {
            title: 'Without the shared store',
            description: 'Pods that decide on limits by their own share.',
            unit: 'none',
            asNumber: true,
            alarm: { at: 1 },
            queries: [
              {
                expression: sum(latest(seriesOf(scope, metrics.storeFallbackActive)), ['region']),
                legend: '{{region}}',
              },
            ],
          },
          {
            title: 'Configuration in use is the newest',
            description: '0 where a pod has refused the newest and serves an older one.',
            unit: 'bool_on_off',
            asNumber: true,
            alarm: { at: 1, below: true },
            queries: [
              {
                expression: minimum(latest(seriesOf(scope, metrics.configLastReloadSuccessful)), ['region']),
                legend: '{{region}}',
              },
            ],
          },
          {
            title: 'Audit records lost',
            description: 'Since the panel before; lost ones stay lost.',
            unit: 'short',
            alarm: { at: 1 },
            queries: [
              {
                expression: sumOfIncreases(seriesOf(scope, metrics.auditDropped), panelWindow, ['region']),
                legend: '{{region}}',
              },
            ],
          },
        ],
      },
    ],
  };
}

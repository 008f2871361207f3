import { Duration } from 'cdk8s';
import { metrics } from '../../../gateway-app/contract/metrics';
import { budgetOf, burnRates } from '../../config/error-budget';
import type { Slo } from '../../config/slo';
import { externalMetrics } from '../../kit/external-metrics';
import {
  latest,
  maximum,
  minimum,
  panelWindow,
  quantile,
  seriesOf,
  sum,
  sumOfRates,
  timesUnit,
} from '../../kit/promql';
import { badShare, sloRecords } from '../slo-records';
import { chosen, type Dashboard } from './panel';

/** Whether the promises are kept: the first look of whoever is woken. */
export function overview(name: string, slos: readonly Slo[]): Dashboard {
  const scope = chosen(name);
  const [fastest] = burnRates;
  const of = (slo: Slo) => ({ slo: slo.name });
  return {
    suffix: 'overview',
    title: 'Overview',
    description: 'Whether the promises are kept, and how fast they are being spent.',
    rows: [
      {
        title: 'Objectives',
        panels: slos.flatMap((slo) => [
          {
            title: `${slo.name} ${slo.target} %: budget left`,
            description:
              'Share of the error budget of the whole period that is left. Below 0 the objective is missed.',
            unit: 'percentunit',
            asNumber: true,
            alarm: { at: 0, below: true },
            queries: [
              {
                expression: minimum(latest(seriesOf(scope, sloRecords.budgetLeft, of(slo))), ['region']),
                legend: '{{region}}',
              },
            ],
          } as const,
          {
            title: `${slo.name}: burn rate`,
            description: `How many times faster than allowed the budget is being spent. Beyond ${fastest?.factor ?? ''} in the long window, and in the short one as well, somebody is woken.`,
            unit: 'short',
            alarm: { at: fastest?.factor ?? 0 },
            queries: [fastest?.short, fastest?.long].flatMap((window) =>
              window === undefined
                ? []
                : [
                    {
                      expression: maximum(
                        timesUnit(latest(seriesOf(scope, badShare(window), of(slo))), budgetOf(slo)),
                        ['region'],
                      ),
                      legend: `{{region}} over ${window.toHumanString()}`,
                    },
                  ],
            ),
          } as const,
        ]),
      },
      {
        title: 'Now',
        panels: [
          {
            title: 'Requests',
            description: 'Answered per second, in each region.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.requests), panelWindow, ['region']),
                legend: '{{region}}',
              },
            ],
          },
          {
            title: 'Failures, by whose fault',
            description: 'Per second. `provider` is what they answered, `gateway` is our own.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(
                  seriesOf(scope, metrics.requests, {
                    error_source: { matches: 'client|policy|provider|gateway' },
                  }),
                  panelWindow,
                  ['error_source'],
                ),
                legend: '{{error_source}}',
              },
            ],
          },
          {
            title: 'Time that the gateway adds, P99',
            description: 'Without the wait for the provider or for the client.',
            unit: 's',
            queries: [
              {
                expression: quantile(0.99, seriesOf(scope, metrics.overheadDuration), Duration.minutes(5), [
                  'region',
                ]),
                legend: '{{region}}',
              },
            ],
          },
          {
            title: 'Pods that answer Prometheus',
            description: 'At 0 the region is gone, or nobody would know if it were.',
            unit: 'none',
            asNumber: true,
            alarm: { at: 1, below: true },
            queries: [
              {
                expression: sum(latest(seriesOf(scope, externalMetrics.up)), ['region']),
                legend: '{{region}}',
              },
            ],
          },
        ],
      },
    ],
  };
}

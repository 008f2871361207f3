import { metrics } from '../../../gateway-app/contract/metrics';
import { latest, panelWindow, quantile, seriesOf, sum, sumOfRates } from '../../kit/promql';
import { chosen, type Dashboard } from './panel';

/** What clients ask, and what they get. */
export function traffic(name: string): Dashboard {
  const scope = chosen(name);
  return {
    suffix: 'traffic',
    title: 'Traffic',
    description: 'What clients ask, how it ends, and how long it takes.',
    rows: [
      {
        title: 'Requests',
        panels: [
          {
            title: 'By route',
            description: 'Answered per second.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.requests), panelWindow, ['route']),
                legend: '{{route}}',
              },
            ],
          },
          {
            title: 'By status',
            description: 'As the client saw it. A stream that was cut has said 200 before.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.requests), panelWindow, ['status']),
                legend: '{{status}}',
              },
            ],
          },
          {
            title: 'In progress',
            description: 'Requests that have begun and not ended, streams apart.',
            unit: 'short',
            queries: [
              {
                expression: sum(latest(seriesOf(scope, metrics.activeRequests)), ['stream']),
                legend: 'stream {{stream}}',
              },
            ],
          },
          {
            title: 'Open connections',
            description: 'That clients hold open, used or not.',
            unit: 'short',
            queries: [
              {
                expression: sum(latest(seriesOf(scope, metrics.openConnections)), ['region']),
                legend: '{{region}}',
              },
            ],
          },
        ],
      },
      {
        title: 'Time',
        panels: [
          {
            title: 'From the first byte of the request to the last of the answer',
            description: 'Mostly the time that the model takes. Quantiles over all routes.',
            unit: 's',
            queries: [0.5, 0.95, 0.99].map((share) => ({
              expression: quantile(share, seriesOf(scope, metrics.requestDuration), panelWindow),
              legend: `P${share * 100}`,
            })),
          },
          {
            title: 'Added by the gateway',
            description:
              'Without the wait for the provider or for the client; red beyond the objective of 100 ms.',
            unit: 's',
            alarm: { at: 0.1 },
            queries: [0.5, 0.95, 0.99].map((share) => ({
              expression: quantile(share, seriesOf(scope, metrics.overheadDuration), panelWindow),
              legend: `P${share * 100}`,
            })),
          },
        ],
      },
      {
        title: 'Refusals and streams',
        panels: [
          {
            title: 'Refused by a limit',
            description: 'Per second. `client`: its own limit; `global`: that of all together.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.rateLimitRejections), panelWindow, [
                  'limit',
                  'scope',
                ]),
                legend: '{{limit}} of {{scope}}',
              },
            ],
          },
          {
            title: 'How streams end',
            description: 'Only finished ones are complete.',
            unit: 'cps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.streams), panelWindow, ['outcome']),
                legend: '{{outcome}}',
              },
            ],
          },
          {
            title: 'Who clients say they are',
            description: 'Credentials per second, by how they were shown and what came of it.',
            unit: 'cps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.authentications), panelWindow, [
                  'method',
                  'result',
                ]),
                legend: '{{method}} {{result}}',
              },
            ],
          },
        ],
      },
    ],
  };
}

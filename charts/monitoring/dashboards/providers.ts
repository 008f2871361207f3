import { metrics } from '../../../gateway-app/contract/metrics';
import { latest, maximum, panelWindow, quantile, ratio, seriesOf, sumOfRates } from '../../kit/promql';
import { chosen, type Dashboard } from './panel';

/** Which provider is to blame. */
export function providers(name: string): Dashboard {
  const scope = chosen(name);
  const byProvider = ['provider'];
  return {
    suffix: 'providers',
    title: 'Providers',
    description: 'What is asked of each provider, how it answers, and how fast.',
    rows: [
      {
        title: 'Answers',
        panels: [
          {
            title: 'Requests',
            description: 'Sent per second to each provider, retries and hedges too.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.upstreamRequests), panelWindow, byProvider),
                legend: '{{provider}}',
              },
            ],
          },
          {
            title: 'Share that fails',
            description: 'A 5xx, no connection, no answer in time, or one that is none.',
            unit: 'percentunit',
            alarm: { at: 0.5 },
            queries: [
              {
                expression: ratio(
                  sumOfRates(
                    seriesOf(scope, metrics.upstreamRequests, {
                      status: { matches: '5..|connect_error|timeout|invalid_response' },
                    }),
                    panelWindow,
                    byProvider,
                  ),
                  sumOfRates(seriesOf(scope, metrics.upstreamRequests), panelWindow, byProvider),
                ),
                legend: '{{provider}}',
              },
            ],
          },
          {
            title: 'By status',
            description: 'What they answer, or how the exchange failed.',
            unit: 'reqps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.upstreamRequests), panelWindow, [
                  'provider',
                  'status',
                ]),
                legend: '{{provider}} {{status}}',
              },
            ],
          },
        ],
      },
      {
        title: 'Speed',
        panels: [
          {
            title: 'To the first bytes of a stream, P95',
            description: 'What users wait for, beside the share of the gateway.',
            unit: 's',
            queries: [
              {
                expression: quantile(0.95, seriesOf(scope, metrics.upstreamTimeToFirstToken), panelWindow, [
                  'provider',
                  'model',
                ]),
                legend: '{{provider}} {{model}}',
              },
            ],
          },
          {
            title: 'For each token after the first, P95',
            description: 'Of finished streams: how fluently a model writes.',
            unit: 's',
            queries: [
              {
                expression: quantile(0.95, seriesOf(scope, metrics.upstreamTimePerOutputToken), panelWindow, [
                  'provider',
                  'model',
                ]),
                legend: '{{provider}} {{model}}',
              },
            ],
          },
          {
            title: 'To the last byte, P95',
            description: 'The whole exchange with a provider.',
            unit: 's',
            queries: [
              {
                expression: quantile(
                  0.95,
                  seriesOf(scope, metrics.upstreamDuration),
                  panelWindow,
                  byProvider,
                ),
                legend: '{{provider}}',
              },
            ],
          },
        ],
      },
      {
        title: 'Resilience',
        panels: [
          {
            title: 'Breakers',
            description: '0: closed, 1: half open, 2: open, on the pod where it is worst.',
            unit: 'none',
            queries: [
              {
                expression: maximum(latest(seriesOf(scope, metrics.breakerState)), [
                  'provider',
                  'provider_model',
                ]),
                legend: '{{provider}} {{provider_model}}',
              },
            ],
          },
          {
            title: 'Retries',
            description: 'Per second, by why the attempt before failed.',
            unit: 'cps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.upstreamRetries), panelWindow, ['reason']),
                legend: '{{reason}}',
              },
            ],
          },
          {
            title: 'Streams, by how they end',
            description: 'Cut and timed out ones are the fault of the provider or of the network.',
            unit: 'cps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.streams), panelWindow, [
                  'provider',
                  'outcome',
                ]),
                legend: '{{provider}} {{outcome}}',
              },
            ],
          },
        ],
      },
    ],
  };
}

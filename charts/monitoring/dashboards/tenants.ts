import { Duration } from 'cdk8s';
import { metrics } from '../../../gateway-app/contract/metrics';
import { panelWindow, seriesOf, sumOfIncreases, sumOfRates } from '../../kit/promql';
import { chosen, type Dashboard } from './panel';

/** Who uses how much, and what it costs. */
export function tenants(name: string): Dashboard {
  const scope = chosen(name);
  const day = Duration.days(1);
  const hour = Duration.hours(1);
  return {
    suffix: 'tenants',
    title: 'Tenants and cost',
    description:
      'Tokens and their cost, by the configured prices. A model without a price costs nothing here.',
    rows: [
      {
        title: 'Cost',
        panels: [
          {
            title: 'Of the last day',
            description: 'In all.',
            unit: 'currencyUSD',
            asNumber: true,
            queries: [{ expression: sumOfIncreases(seriesOf(scope, metrics.costUsd), day), legend: 'all' }],
          },
          {
            title: 'Per hour, by tenant',
            description: 'Of the hour before each point. Requests without a tenant are missing.',
            unit: 'currencyUSD',
            queries: [
              {
                expression: sumOfIncreases(seriesOf(scope, metrics.tenantCostUsd), hour, ['tenant']),
                legend: '{{tenant}}',
              },
            ],
          },
          {
            title: 'Per hour, by model',
            description: 'Of the hour before each point.',
            unit: 'currencyUSD',
            queries: [
              {
                expression: sumOfIncreases(seriesOf(scope, metrics.costUsd), hour, ['provider', 'model']),
                legend: '{{provider}} {{model}}',
              },
            ],
          },
        ],
      },
      {
        title: 'Use',
        panels: [
          {
            title: 'Tokens, by kind',
            description: 'Per second. Cached input tokens are apart, and not in the input ones.',
            unit: 'cps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.tokens), panelWindow, ['token_type']),
                legend: '{{token_type}}',
              },
            ],
          },
          {
            title: 'Tokens, by model',
            description: 'Per second, of every kind.',
            unit: 'cps',
            queries: [
              {
                expression: sumOfRates(seriesOf(scope, metrics.tokens), panelWindow, ['provider', 'model']),
                legend: '{{provider}} {{model}}',
              },
            ],
          },
          {
            title: 'Refused by a budget',
            description: 'Requests of the last hour. A budget stays spent until the day ends, by UTC.',
            unit: 'short',
            alarm: { at: 1 },
            queries: [
              {
                expression: sumOfIncreases(
                  seriesOf(scope, metrics.rateLimitRejections, { limit: 'budget' }),
                  hour,
                  ['scope'],
                ),
                legend: '{{scope}}',
              },
            ],
          },
        ],
      },
    ],
  };
}

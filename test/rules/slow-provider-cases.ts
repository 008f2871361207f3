import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase, type Values } from './condition-cases';
import { expected } from './expected';
import { forEachPlace, type Labels, series } from './sample-series';

const provider = 'openai';

export function slowProviderCases(scrape: ScrapeLabels): AlertCase[] {
  const alert = 'UpstreamSlow';
  const histogram = (upTo5: number, labels: Labels = {}): Values => {
    const bucket = (le: string) =>
      series('gateway_upstream_time_to_first_token_seconds_bucket', {
        ...{ ...scrape, pod: 'gateway-1', provider, model: 'gpt', ...labels },
        le,
      });
    return { [bucket('2.5')]: 0, [bucket('5')]: upTo5, [bucket('7.5')]: 10_000, [bucket('+Inf')]: 10_000 };
  };
  const firing = (time: string) => [
    expected(
      scrape,
      alert,
      'warning',
      {
        summary: 'A provider begins its answers late.',
        description: `One in twenty streams from ${provider} to ${scrape.namespace}/${scrape.job} begins after ${time} or later.`,
      },
      { provider },
    ),
  ];
  // Slow until minute 30, and fast from then on.
  const recovery = Object.fromEntries(
    Object.entries(histogram(0)).map(([name]) => [
      name,
      /le="(2.5|5)"/.test(name) ? '0x30 10000+10000x29' : '0+10000x60',
    ]),
  );
  return [
    ...conditionCases({
      alert,
      forMinutes: 15,
      kind: 'counter',
      well: histogram(9510),
      ill: histogram(9480),
      firing: firing('5.096s'),
      foreign: forEachPlace((labels) => histogram(0, labels)),
    }),
    {
      alert,
      name: 'still fires 4 minutes after it ends',
      series: recovery,
      atMinute: 34,
      firing: firing('6.875s'),
    },
    { alert, name: 'is silent 5 minutes after it ends', series: recovery, atMinute: 35, firing: [] },
    steadyCase(
      alert,
      'adds up the pods: a fast one makes up for a slow one',
      'counter',
      { ...histogram(9480), ...histogram(10_000, { pod: 'gateway-2' }) },
      [],
    ),
  ];
}

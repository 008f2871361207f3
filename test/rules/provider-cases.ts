import { labelValues } from '../../gateway-app/contract/metrics';
import type { AlertCase, Firing } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase, type Values } from './condition-cases';
import { expected } from './expected';
import { forEachPlace, foreignPlaces, type Labels, perMinute, series } from './sample-series';
import { slowProviderCases } from './slow-provider-cases';

const provider = 'openai';

interface ShareAlert {
  readonly alert: string;
  readonly metric: string;
  readonly label: 'status' | 'outcome';
  readonly good: string;
  /** Every value that counts as bad. */
  readonly bad: readonly string[];
  readonly thresholdPercent: number;
  readonly forMinutes: number;
  readonly summary: string;
  readonly description: (share: string) => string;
}

export function providerCases(scrape: ScrapeLabels): AlertCase[] {
  const of = `${scrape.namespace}/${scrape.job}`;
  const upstream = { metric: 'gateway_upstream_requests_total', label: 'status', good: '200' } as const;
  return [
    ...shareCases(scrape, {
      ...upstream,
      alert: 'UpstreamProviderDown',
      bad: ['502', '5xx', 'connect_error', 'timeout', 'invalid_response'],
      thresholdPercent: 50,
      forMinutes: 5,
      summary: 'A provider fails most requests.',
      description: (share) => `${provider} failed ${share} of the requests of ${of} over the last 5 minutes.`,
    }),
    ...shareCases(scrape, {
      ...upstream,
      alert: 'UpstreamCredentialsRejected',
      bad: ['401', '403'],
      thresholdPercent: 50,
      forMinutes: 5,
      summary: "A provider refuses the gateway's credentials.",
      description: (share) =>
        `${provider} refused ${share} of the requests of ${of} with a 401 or 403 over the last 5 minutes.`,
    }),
    ...shareCases(scrape, {
      ...upstream,
      alert: 'UpstreamRateLimited',
      bad: ['429'],
      thresholdPercent: 10,
      forMinutes: 10,
      summary: 'A provider limits the gateway.',
      description: (share) =>
        `${provider} answered ${share} of the requests of ${of} with a 429 over the last 5 minutes.`,
    }),
    ...slowProviderCases(scrape),
    ...shareCases(scrape, {
      alert: 'StreamsCut',
      metric: 'gateway_streams_total',
      label: 'outcome',
      good: 'finished',
      bad: ['cut', 'timed_out'],
      thresholdPercent: 5,
      forMinutes: 5,
      summary: 'Streams end before the answer does.',
      description: (share) =>
        `${share} of the streams from ${provider} to ${of} were cut or timed out over the last 5 minutes.`,
    }),
  ];
}

function shareCases(scrape: ScrapeLabels, order: ShareAlert): AlertCase[] {
  const { alert, metric, label, good, bad, thresholdPercent, forMinutes, summary, description } = order;
  const counter = (value: string, labels: Labels = {}) =>
    series(metric, { ...scrape, pod: 'gateway-1', provider, [label]: value, ...labels });
  const traffic = (badShare: number, total: number, labels: Labels = {}): Values => ({
    [counter(bad[0]!, labels)]: (total * badShare) / 100,
    [counter(good, labels)]: (total * (100 - badShare)) / 100,
  });
  const firing = (share: string): Firing[] => [
    expected(scrape, alert, 'warning', { summary, description: description(share) }, { provider }),
  ];
  const allBadUntil30 = { [counter(bad[0]!)]: '0+1000x30 30000x30', [counter(good)]: '0x30 1000+1000x29' };
  // Of the last 5 minutes, this many may be bad at most without the alert.
  const tolerated = Math.floor((5 * thresholdPercent) / 100);
  const lastFiring = 5 - tolerated - 1;
  const known: readonly string[] =
    label === 'status'
      ? [...labelValues.providerStatus, ...labelValues.statusClass, ...labelValues.upstreamFailure]
      : labelValues.streamOutcome;
  const isBad = (value: string) => bad.includes(value) || (bad.includes('502') && value.startsWith('5'));
  return [
    ...conditionCases({
      alert,
      forMinutes,
      kind: 'counter',
      well: traffic(thresholdPercent - 0.1, 10_000),
      ill: traffic(thresholdPercent + 0.1, 10_000),
      firing: firing(`${thresholdPercent + 0.1}%`),
      foreign: {
        ...forEachPlace((labels) => traffic(100, 90_000, labels)),
        ...Object.fromEntries(
          known
            .filter((value) => !isBad(value))
            .map((value) => [`${label} ${value}`, { [counter(value)]: 90_000 }]),
        ),
      },
    }),
    ...Object.values(foreignPlaces).map((labels) => ({
      name: `is not misled by good requests of ${JSON.stringify(labels)}`,
      series: growing({ ...traffic(thresholdPercent + 0.1, 10_000), ...traffic(0, 90_000, labels) }),
      atMinute: 40,
      firing: firing(`${thresholdPercent + 0.1}%`),
      alert,
    })),
    ...known.filter(isBad).map((value) => ({
      name: `counts ${label} ${value}`,
      series: growing({ [counter(value)]: 1000, [counter(good)]: 0 }),
      atMinute: 40,
      firing: firing('100%'),
      alert,
    })),
    {
      alert,
      name: 'fires at 10 failures in 5 minutes',
      series: growing({ [counter(bad[0]!)]: 2 }),
      atMinute: 40,
      firing: firing('100%'),
    },
    {
      alert,
      name: 'is silent below 10 failures in 5 minutes',
      series: growing({ [counter(bad[0]!)]: 1.99, [counter(good)]: 1 }),
      atMinute: 40,
      firing: [],
    },
    ...Object.values(foreignPlaces).map((labels) => ({
      alert,
      name: `adds no failures of ${JSON.stringify(labels)} to few of its own`,
      series: growing({ [counter(bad[0]!)]: 1.99, [counter(bad[0]!, labels)]: 1000 }),
      atMinute: 40,
      firing: [],
    })),
    {
      alert,
      name: `still fires ${lastFiring} minutes after it ends`,
      series: allBadUntil30,
      atMinute: 30 + lastFiring,
      firing: firing(`${100 - lastFiring * 20}%`),
    },
    {
      alert,
      name: `is silent ${lastFiring + 1} minutes after it ends`,
      series: allBadUntil30,
      atMinute: 30 + lastFiring + 1,
      firing: [],
    },
    {
      alert,
      name: 'adds up the pods',
      series: growing({
        ...traffic(thresholdPercent + 0.1, 10_000),
        ...traffic(thresholdPercent + 0.1, 5000, { pod: 'gateway-2' }),
      }),
      atMinute: 40,
      firing: firing(`${thresholdPercent + 0.1}%`),
    },
    steadyCase(
      alert,
      'adds up few failures of several pods',
      'counter',
      { [counter(bad[0]!)]: 1.2, [counter(bad[0]!, { pod: 'gateway-2' })]: 1.2 },
      firing('100%'),
    ),
    {
      alert,
      name: 'compares with all requests of the same 5 minutes while they become more',
      series: { [counter(bad[0]!)]: perMinute(1000), [counter(good)]: '0x30 200+200x29' },
      atMinute: 32,
      // 5000 of 5400.
      firing: firing('92.59%'),
    },
    {
      alert,
      name: 'names each provider apart',
      series: growing({
        ...traffic(thresholdPercent + 0.1, 10_000),
        ...traffic(0, 90_000, { provider: 'healthy' }),
      }),
      atMinute: 40,
      firing: firing(`${thresholdPercent + 0.1}%`),
    },
  ];
}

function growing(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, perMinute(value)]));
}

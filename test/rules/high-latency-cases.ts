import { metrics } from '../../gateway-app/contract/metrics';
import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { fromMinute11, perMinute, series } from './sample-series';

/** How many of 100,000 requests a minute took up to half a second, and how many up to one. All took up to 2.5. */
interface Minute {
  readonly upToHalf: number;
  readonly upToOne: number;
}

const perMinuteInAll = 100_000;
/** The 99th percentile is 1.007 s: 1 s, and 5/1005 of the way to the next bucket's bound. */
const justOver: Minute = { upToHalf: 90_000, upToOne: 98_995 };
/** The 99th percentile is 0.9999 s. */
const justUnder: Minute = { upToHalf: 90_000, upToOne: 99_001 };

export function highLatencyCases(scrape: ScrapeLabels): AlertCase[] {
  const alert = 'HighLatency';
  const histogram = (
    metric: { readonly name: string },
    { upToHalf, upToOne }: Minute,
    samples: (perMinute: number) => string,
    workload: ScrapeLabels = scrape,
    pod = 'gateway-1',
  ): Record<string, string> => {
    const labels = { ...workload, pod, route: 'chat_completions' };
    const bucket = (le: string) => series(`${metric.name}_bucket`, { ...labels, le });
    return {
      [bucket('0.5')]: samples(upToHalf),
      [bucket('1')]: samples(upToOne),
      [bucket('2.5')]: samples(perMinuteInAll),
      [bucket('+Inf')]: samples(perMinuteInAll),
    };
  };
  const firing = (duration: string) => ({
    labels: { severity: 'warning', namespace: scrape.namespace, region: scrape.region },
    annotations: {
      summary: 'The gateway itself slows requests down.',
      description: `One in a hundred requests to ${scrape.namespace}/${scrape.job} waits ${duration} or longer for the gateway itself, beside the wait for the provider.`,
      runbook_url: `docs/runbooks/${alert}.md`,
    },
  });
  const silent: AlertCase['firing'] = [];
  const { overheadDuration, requestDuration } = metrics;
  const breakdown = histogram(overheadDuration, justOver, fromMinute11);
  const recovery = histogram(overheadDuration, justOver, (count) => `0+${count}x20 ${20 * count}x40`);
  const cases: Omit<AlertCase, 'alert'>[] = [
    {
      name: 'fires just above a 99th percentile of 1 s',
      series: histogram(overheadDuration, justOver, perMinute),
      atMinute: 30,
      firing: [firing('1.007s')],
    },
    {
      name: 'adds up the pods',
      series: {
        ...histogram(overheadDuration, justOver, perMinute),
        ...histogram(overheadDuration, justUnder, (count) => perMinute(count / 10), scrape, 'gateway-2'),
      },
      atMinute: 30,
      firing: [firing('1.007s')],
    },
    {
      name: 'is silent just below a 99th percentile of 1 s',
      series: histogram(overheadDuration, justUnder, perMinute),
      atMinute: 30,
      firing: silent,
    },
    { name: 'is silent before 10 minutes have passed', series: breakdown, atMinute: 20, firing: silent },
    {
      name: 'fires once 10 minutes have passed',
      series: breakdown,
      atMinute: 21,
      firing: [firing('1.007s')],
    },
    {
      name: 'still fires while slow requests lie within the last 5 minutes',
      series: recovery,
      atMinute: 24,
      firing: [firing('1.007s')],
    },
    {
      name: 'ends when no requests lie within the last 5 minutes',
      series: recovery,
      atMinute: 25,
      firing: silent,
    },
    {
      name: 'is silent about slow answers of a provider',
      series: {
        ...histogram(overheadDuration, { upToHalf: perMinuteInAll, upToOne: perMinuteInAll }, perMinute),
        ...histogram(requestDuration, { upToHalf: 0, upToOne: 0 }, perMinute),
      },
      atMinute: 30,
      firing: silent,
    },
    {
      name: 'is silent about a single slow request at low traffic',
      series: histogram(overheadDuration, { upToHalf: 0, upToOne: 0 }, () => '0x10 1x50'),
      atMinute: 21,
      firing: silent,
    },
    {
      name: 'is silent without traffic',
      series: histogram(overheadDuration, justOver, (count) => `${count}x60`),
      atMinute: 30,
      firing: silent,
    },
    { name: 'is silent where nothing was ever scraped', series: {}, atMinute: 30, firing: silent },
    {
      name: 'is silent about another workload',
      series: {
        ...histogram(overheadDuration, justOver, perMinute, { ...scrape, namespace: 'another' }),
        ...histogram(overheadDuration, justOver, perMinute, { ...scrape, job: 'another' }),
        ...histogram(overheadDuration, justOver, perMinute, { ...scrape, region: 'another' }),
      },
      atMinute: 30,
      firing: silent,
    },
  ];
  return cases.map((entry) => ({ ...entry, alert }));
}

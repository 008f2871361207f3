import { metrics } from '../../gateway-app/contract/metrics';
import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { fromMinute11, type Labels, perMinute, series } from './sample-series';

export function highErrorRateCases(scrape: ScrapeLabels): AlertCase[] {
  const alert = 'HighErrorRate';
  const requests = (status: string, more: Labels = {}): string =>
    series(metrics.requests.name, {
      ...scrape,
      pod: 'gateway-1',
      route: 'chat_completions',
      provider: 'openai',
      status,
      error_source: status.startsWith('5') ? 'provider' : 'none',
      ...more,
    });
  const firing = (share: string) => ({
    labels: { severity: 'critical', namespace: scrape.namespace, region: scrape.region },
    annotations: {
      summary: 'The gateway answers many requests with a 5xx.',
      description: `${share} of the requests to ${scrape.namespace}/${scrape.job} failed with a 5xx over the last 5 minutes.`,
      runbook_url: `docs/runbooks/${alert}.md`,
    },
  });
  const silent: AlertCase['firing'] = [];
  const breakdown = { [requests('200')]: perMinute(1000), [requests('502')]: fromMinute11(1000) };
  const recovery = { [requests('200')]: perMinute(1000), [requests('502')]: '0+1000x20 20000x40' };
  const cases: Omit<AlertCase, 'alert'>[] = [
    {
      name: 'fires just above 5 % of failures',
      series: { [requests('200')]: perMinute(9499), [requests('502')]: perMinute(501) },
      atMinute: 20,
      firing: [firing('5.01%')],
    },
    {
      name: 'is silent just below 5 % of failures',
      series: { [requests('200')]: perMinute(9501), [requests('502')]: perMinute(499) },
      atMinute: 20,
      firing: silent,
    },
    { name: 'is silent before 5 minutes have passed', series: breakdown, atMinute: 15, firing: silent },
    { name: 'fires once 5 minutes have passed', series: breakdown, atMinute: 16, firing: [firing('50%')] },
    {
      name: 'still fires while failures lie within the last 5 minutes',
      series: recovery,
      atMinute: 24,
      firing: [firing('16.67%')],
    },
    {
      name: 'ends when no failures lie within the last 5 minutes',
      series: recovery,
      atMinute: 25,
      firing: silent,
    },
    {
      name: 'counts every 5xx, of every pod, route and fault domain',
      series: {
        [requests('200')]: perMinute(9500),
        [requests('500', { error_source: 'gateway', provider: 'none' })]: perMinute(200),
        [requests('503', { error_source: 'gateway', pod: 'gateway-2' })]: perMinute(200),
        [requests('504', { route: 'other' })]: perMinute(200),
      },
      atMinute: 20,
      firing: [firing('5.941%')],
    },
    {
      name: 'is not misled by good requests of other workloads',
      series: {
        [requests('200')]: perMinute(9499),
        [requests('502')]: perMinute(501),
        [requests('200', { namespace: 'another' })]: perMinute(90_000),
        [requests('200', { job: 'another' })]: perMinute(90_000),
        [requests('200', { region: 'another' })]: perMinute(90_000),
      },
      atMinute: 20,
      firing: [firing('5.01%')],
    },
    {
      name: 'is silent about faults of the clients',
      series: {
        [requests('200')]: perMinute(10),
        [requests('400', { error_source: 'client' })]: perMinute(1000),
        [requests('403', { error_source: 'policy' })]: perMinute(1000),
      },
      atMinute: 20,
      firing: silent,
    },
    {
      name: 'is silent about a single failure at low traffic',
      series: { [requests('200')]: perMinute(1), [requests('502')]: '0x10 1x50' },
      atMinute: 16,
      firing: silent,
    },
    {
      name: 'is silent without traffic',
      series: { [requests('200')]: '500x60', [requests('502')]: '500x60' },
      atMinute: 20,
      firing: silent,
    },
    { name: 'is silent where nothing was ever scraped', series: {}, atMinute: 20, firing: silent },
    {
      name: 'is silent after a restart has set the counters back',
      series: { [requests('200')]: perMinute(1000), [requests('502')]: '500x15 0x45' },
      atMinute: 20,
      firing: silent,
    },
    {
      name: 'is silent about failures of another workload',
      series: {
        [requests('200')]: perMinute(1000),
        [requests('502', { namespace: 'another' })]: perMinute(1000),
        [requests('503', { job: 'another' })]: perMinute(1000),
        [requests('503', { region: 'another' })]: perMinute(1000),
      },
      atMinute: 20,
      firing: silent,
    },
  ];
  return cases.map((entry) => ({ ...entry, alert }));
}

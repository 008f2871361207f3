import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases } from './condition-cases';
import { expected } from './expected';
import { forEachPlace, foreignPlaces, type Labels, perMinute, series } from './sample-series';

export function limitCases(scrape: ScrapeLabels): AlertCase[] {
  return [...fallbackCases(scrape), ...budgetCases(scrape)];
}

function fallbackCases(scrape: ScrapeLabels): AlertCase[] {
  const alert = 'StoreFallbackActive';
  const active = (labels: Labels = {}) =>
    series('gateway_store_fallback_active', { ...scrape, pod: 'gateway-1', ...labels });
  const ofAnotherPod = active({ pod: 'gateway-2' });
  return conditionCases({
    alert,
    forMinutes: 5,
    kind: 'gauge',
    well: { [active()]: 0, [ofAnotherPod]: 0 },
    ill: { [active()]: 1, [ofAnotherPod]: 0 },
    firing: [
      expected(scrape, alert, 'warning', {
        summary: 'Limits are decided without the shared store.',
        description: `1 pods of ${scrape.namespace}/${scrape.job} do not reach the shared store, and decide on limits by their own share.`,
      }),
    ],
    foreign: forEachPlace((labels) => ({ [active(labels)]: 1 })),
  });
}

function budgetCases(scrape: ScrapeLabels): AlertCase[] {
  const alert = 'BudgetExhausted';
  const refused = (labels: Labels = {}) =>
    series('gateway_rate_limit_rejections_total', {
      ...{ ...scrape, pod: 'gateway-1', route: 'chat_completions', limit: 'budget', scope: 'client' },
      ...labels,
    });
  const firing = (requests: string, scope = 'client') =>
    expected(
      scrape,
      alert,
      'warning',
      {
        summary: 'Requests are refused because a daily budget is spent.',
        description: `About ${requests} requests to ${scrape.namespace}/${scrape.job} were refused over the last 15 minutes by a daily budget (scope ${scope}).`,
      },
      { scope },
    );
  const once = { [refused()]: '0x20 3x60', [refused({ pod: 'gateway-2' })]: '0x80' };
  const foreign = {
    ...foreignPlaces,
    ...Object.fromEntries(
      ['requests', 'tokens', 'streams'].map((limit) => [`the limit of ${limit}`, { limit }]),
    ),
  };
  const cases: Omit<AlertCase, 'alert'>[] = [
    { name: 'fires at once', series: once, atMinute: 21, firing: [firing('3')] },
    { name: 'still fires 14 minutes later', series: once, atMinute: 35, firing: [firing('3')] },
    { name: 'ends after 15 minutes', series: once, atMinute: 36, firing: [] },
    { name: 'is silent where nothing was ever scraped', series: {}, atMinute: 30, firing: [] },
    { name: 'is silent while none is refused', series: { [refused()]: '7x60' }, atMinute: 30, firing: [] },
    {
      name: 'fires at a single request',
      series: { [refused()]: '0x20 1x60' },
      atMinute: 30,
      firing: [firing('1')],
    },
    {
      name: 'tells the budget of one client from that of all',
      series: { [refused()]: perMinute(1), [refused({ scope: 'global' })]: perMinute(2) },
      atMinute: 30,
      firing: [firing('15'), firing('30', 'global')],
    },
    ...Object.entries(foreign).map(([what, labels]) => ({
      name: `is silent about ${what}`,
      series: { [refused(labels)]: perMinute(100) },
      atMinute: 30,
      firing: [],
    })),
  ];
  return cases.map((entry) => ({ ...entry, alert }));
}

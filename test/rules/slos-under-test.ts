import type { Phase } from './burn-model';
import type { ScrapeLabels } from '../support/alerting';
import type { AlertCase } from '../support/alert-case';
import { type Labels, series } from './sample-series';
import { sloCases, type SloUnderTest } from './slo-cases';

/** Each objective of the reference, with every kind of request that is bad, good, or neither in its eyes. */
export function allSloCases(scrape: ScrapeLabels): AlertCase[] {
  return slosUnderTest(scrape).flatMap((slo) => sloCases(scrape, slo));
}

function slosUnderTest(scrape: ScrapeLabels): SloUnderTest[] {
  const requests = (status: string, source: string, labels: Labels = {}) =>
    series('gateway_requests_total', {
      ...{ ...scrape, pod: 'gateway-1', route: 'chat_completions', provider: 'openai' },
      ...{ status, error_source: source, ...labels },
    });
  // Two pods with half of it each: what is not added up must show.
  const histogram = (name: string, bound: string, labels: Labels) =>
    Object.fromEntries(
      ['gateway-1', 'gateway-2'].flatMap((pod) => {
        const where = { ...scrape, pod, ...labels };
        return [
          [series(`${name}_bucket`, { ...where, le: bound }), ({ good }: Phase) => good / 2],
          // A wider bucket, which says nothing here.
          [series(`${name}_bucket`, { ...where, le: '5' }), ({ good, bad }: Phase) => (good + bad / 2) / 2],
          [series(`${name}_count`, where), ({ good, bad }: Phase) => (good + bad) / 2],
        ];
      }),
    );
  return [
    {
      slo: 'gateway-availability',
      alert: 'GatewayAvailabilityBudgetBurn',
      what: 'The gateway itself fails requests',
      targetPercent: 99.99,
      counters: (labels) => ({
        [requests('500', 'gateway', labels)]: ({ bad }) => bad / 2,
        [requests('200', 'gateway', labels)]: ({ bad }) => bad / 2,
        [requests('200', 'none', labels)]: ({ good }) => good / 2,
        [requests('502', 'provider', labels)]: ({ good }) => good / 2,
        [requests('401', 'client', labels)]: ({ good }) => good * 3,
        [requests('403', 'policy', labels)]: ({ good }) => good * 3,
      }),
    },
    {
      slo: 'user-availability',
      alert: 'UserAvailabilityBudgetBurn',
      what: 'Users get errors or cut streams',
      targetPercent: 99.9,
      counters: (labels) => ({
        [requests('500', 'gateway', labels)]: ({ bad }) => bad / 5,
        [requests('502', 'provider', labels)]: ({ bad }) => bad / 5,
        [requests('429', 'provider', labels)]: ({ bad }) => bad / 5,
        [requests('200', 'gateway', labels)]: ({ bad }) => bad / 5,
        [requests('200', 'provider', labels)]: ({ bad }) => bad / 5,
        [requests('200', 'none', labels)]: ({ good }) => good,
        [requests('200', 'client', labels)]: ({ good }) => good * 3,
        [requests('403', 'policy', labels)]: ({ good }) => good * 3,
      }),
    },
    {
      slo: 'overhead-latency',
      alert: 'OverheadLatencyBudgetBurn',
      what: 'The gateway itself slows requests down',
      targetPercent: 99,
      counters: (labels = {}) =>
        histogram('gateway_overhead_duration_seconds', '0.1', { route: 'chat_completions', ...labels }),
    },
    {
      slo: 'first-byte-latency',
      alert: 'FirstByteLatencyBudgetBurn',
      what: 'Streamed answers begin late',
      targetPercent: 95,
      counters: (labels = {}) =>
        histogram('gateway_upstream_time_to_first_token_seconds', '2.5', {
          ...{ provider: 'openai', model: 'gpt' },
          ...labels,
        }),
    },
  ];
}

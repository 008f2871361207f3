import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase } from './condition-cases';
import { expected } from './expected';
import { type Labels, series } from './sample-series';

const minute = 60;
const limitSeconds = 90 * 24 * 3600;
/** Every case looks at this minute of promtool's clock, which begins at 0: what is older lies below it. */
const now = 40 * minute;

export function secretCases(scrape: ScrapeLabels): AlertCase[] {
  const issued = (labels: Labels = {}) =>
    series('gateway_secret_issued_timestamp_seconds', {
      ...scrape,
      pod: 'gateway-1',
      file: 'openai-api-key',
      ...labels,
    });
  const firing = (age: string, file = 'openai-api-key') =>
    expected(
      scrape,
      'SecretTooOld',
      'warning',
      {
        summary: 'A secret is due to be replaced.',
        description: `The value of the secret file ${file} of ${scrape.namespace}/${scrape.job} is in use for ${age}.`,
      },
      { file },
    );
  /** Issued so that its age reaches the limit in the minute that is asked for, not in the one before. */
  const dueAt = (atMinute: number) => (atMinute - 1) * minute - limitSeconds;
  const decades = -1_000_000_000;
  const steady = (name: string, values: Readonly<Record<string, number>>, ...found: AlertCase['firing']) =>
    steadyCase('SecretTooOld', name, 'gauge', values, found);
  return [
    // What it waits for is told apart below, where the age moves with the clock as it does in life.
    ...conditionCases({
      alert: 'SecretTooOld',
      forMinutes: 15,
      kind: 'gauge',
      well: { [issued()]: now - limitSeconds },
      ill: { [issued()]: 0 - limitSeconds - 1 },
      firing: [],
      foreign: {
        'another namespace': { [issued({ namespace: 'another' })]: decades },
        'another workload': { [issued({ job: 'another' })]: decades },
      },
    }).filter(({ name }) => !name.startsWith('fires')),
    {
      alert: 'SecretTooOld',
      name: 'is silent until 15 minutes have passed',
      series: { [issued()]: `${dueAt(20)}x60` },
      atMinute: 34,
      firing: [],
    },
    {
      alert: 'SecretTooOld',
      name: 'fires after 15 minutes',
      series: { [issued()]: `${dueAt(20)}x60` },
      atMinute: 35,
      firing: [firing('90d 0h 16m 0s')],
    },
    {
      alert: 'SecretTooOld',
      name: 'ends when every pod has the new value',
      series: { [issued()]: `${decades}x30 ${now}x30` },
      atMinute: 40,
      firing: [],
    },
    steady(
      'fires for a pod that missed the rotation',
      { [issued()]: now - limitSeconds - minute * 60, [issued({ pod: 'gateway-2' })]: now },
      firing('90d 1h 0m 0s'),
    ),
    steady(
      'tells files apart',
      {
        [issued()]: now - limitSeconds - minute * 60,
        [issued({ file: 'admin-token' })]: now - limitSeconds - minute * 120,
        [issued({ file: 'redis-password' })]: now,
      },
      firing('90d 1h 0m 0s'),
      firing('90d 2h 0m 0s', 'admin-token'),
    ),
  ];
}

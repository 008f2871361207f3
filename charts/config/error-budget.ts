import { Duration } from 'cdk8s';
import type { Slo } from './slo';

/** How fast an error budget is spent: 1 is a rate that uses it up exactly at the end of the period. */
export interface BurnRate {
  readonly factor: number;
  /** Over this window the rate must be reached: short enough to hear of it in time, long enough to ignore a blip. */
  readonly long: Duration;
  /** And over this one: the alert ends soon after the trouble does. */
  readonly short: Duration;
  readonly severity: 'critical' | 'warning';
}

/**
 * The rates that somebody hears of. The two critical ones wake a person.
 *
 * @see https://sre.google/workbook/alerting-on-slos/
 */
export const burnRates: readonly BurnRate[] = [
  { factor: 14.4, long: Duration.hours(1), short: Duration.minutes(5), severity: 'critical' },
  { factor: 6, long: Duration.hours(6), short: Duration.minutes(30), severity: 'critical' },
  { factor: 3, long: Duration.days(1), short: Duration.hours(2), severity: 'warning' },
  { factor: 1, long: Duration.days(3), short: Duration.hours(6), severity: 'warning' },
];

/** Hundred percent, in the smallest step that a target is read in: five decimals. */
const wholeSteps = 1e7;

/** Share of requests that may be bad, without the noise of binary fractions: 0.0001 for 99.99. */
export function budgetOf({ target }: Slo): number {
  return budgetSteps(target) / wholeSteps;
}

/** Share of bad requests at a burn rate, as exact: 0.00144 for 14.4 times the budget of 99.99. */
export function thresholdOf({ target }: Slo, { factor }: BurnRate): number {
  return (budgetSteps(target) * Math.round(factor * 10)) / (wholeSteps * 10);
}

/** Time of a total outage that uses the budget up, if requests come evenly. */
export function outageSeconds(slo: Slo, period: Duration): number {
  return (budgetSteps(slo.target) * period.toSeconds()) / wholeSteps;
}

function budgetSteps(target: number): number {
  return Math.round((100 - target) * (wholeSteps / 100));
}

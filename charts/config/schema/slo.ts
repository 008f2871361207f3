import { Duration } from 'cdk8s';
import { z } from 'zod';
import { type Metric, metrics } from '../../../gateway-app/contract/metrics';
import { rule } from '../../../gateway-app/contract/validate';
import { burnRates } from '../error-budget';
import { duration } from './unit-types';

const fastestBurnRate = Math.max(...burnRates.map(({ factor }) => factor));

/** The furthest that any burn-rate alert looks back. */
export const longestAlertWindow = Duration.seconds(
  Math.max(...burnRates.map(({ long }) => long.toSeconds())),
);

/** Below it, a total outage would not burn fast enough to page. */
const lowestTarget = Math.ceil((100 - 100 / fastestBurnRate) * 100) / 100;

const target = z
  .number()
  .refine(
    (percent) => percent < 100,
    rule(
      'must be below 100: without an error budget the first bad request is an incident for ever',
      'promise less, e.g. 99.99',
    ),
  )
  .refine(
    (percent) => percent >= lowestTarget,
    rule(
      `must be ${lowestTarget} or more: below it, ${fastestBurnRate} times the budget is more than all requests, and the page could never fire`,
      'promise more, e.g. 99',
    ),
  )
  .refine(
    (percent) => percent >= 100 || Number(percent.toFixed(5)) === percent,
    rule('must have five decimals or fewer', 'round it'),
  );

/** Requests are counted by bucket: what lies between two bounds is not known. */
function boundOf({ name, buckets = [] }: Metric) {
  return duration({
    holds: (value) => buckets.includes(value.toMilliseconds() / 1000),
    rule: `must be a bucket bound of ${name} (${buckets.join(', ')} seconds), since the share below another time is not known`,
    fix: 'choose the nearest bound',
  });
}

export const slo = z.discriminatedUnion(
  'name',
  [
    z.strictObject({ name: z.literal('gateway-availability'), target }),
    z.strictObject({ name: z.literal('user-availability'), target }),
    z.strictObject({
      name: z.literal('overhead-latency'),
      target,
      under: boundOf(metrics.overheadDuration),
    }),
    z.strictObject({
      name: z.literal('first-byte-latency'),
      target,
      under: boundOf(metrics.upstreamTimeToFirstToken),
    }),
  ],
  { error: 'must be an objective made by Slo' },
);

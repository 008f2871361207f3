import { z } from 'zod';
import { upstreamTimings } from './timings';
import { report } from './validate';

type Rung = keyof typeof upstreamTimings;

const meanings: Readonly<Record<Rung, string>> = {
  connectMs: 'To connect, the TLS handshake included',
  responseHeadersMs: 'From the request handed over to the response headers',
  firstTokenMs: 'From the request handed over to the first token of a stream',
  idleMs: 'Between two chunks of an answer',
  totalMs: 'From the request handed over to the last byte',
};

const deadline = (rung: Rung) =>
  z
    .int()
    .min(10)
    .max(upstreamTimings.totalMs)
    .optional()
    .describe(`${meanings[rung]}, in milliseconds. Default ${upstreamTimings[rung]}.`);

/** How long one attempt at a provider may wait for what. */
export const deadlines = z
  .strictObject({
    connectMs: deadline('connectMs'),
    responseHeadersMs: deadline('responseHeadersMs'),
    firstTokenMs: deadline('firstTokenMs'),
    idleMs: deadline('idleMs'),
    totalMs: deadline('totalMs'),
  })
  .optional()
  .describe('Deadlines of one attempt at this provider.');

type Deadlines = NonNullable<z.output<typeof deadlines>>;

/** Each pair: the first ends no later than the second, or it would never be the one that ends a wait. */
const ladder: readonly (readonly [lower: Rung, upper: Rung])[] = [
  ['connectMs', 'responseHeadersMs'],
  ['responseHeadersMs', 'firstTokenMs'],
  ['firstTokenMs', 'totalMs'],
  ['idleMs', 'totalMs'],
];

/** Rules between the deadlines of one provider, those that it leaves at their defaults included. */
export function deadlineRules(
  providers: readonly { readonly deadlines?: Deadlines | undefined }[],
  ctx: z.core.$RefinementCtx,
): void {
  providers.forEach(({ deadlines: own = {} }, index) => {
    const valueOf = (rung: Rung): number => own[rung] ?? upstreamTimings[rung];
    for (const [lower, upper] of ladder) {
      if (valueOf(lower) <= valueOf(upper)) continue;
      const stated = own[lower] === undefined ? upper : lower;
      const other = stated === lower ? upper : lower;
      const bound = `${valueOf(other)}${own[other] === undefined ? ', its default' : ''}`;
      report(ctx, {
        path: ['providers', index, 'deadlines', stated],
        rule:
          stated === lower
            ? `must not be longer than ${other} (${bound}), which would always end the wait first`
            : `must not be shorter than ${other} (${bound}), which then could never end a wait`,
        fix: `change it, or set ${other} too`,
      });
    }
  });
}

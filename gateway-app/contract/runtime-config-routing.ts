import { z } from 'zod';
import { upstreamTimings } from './timings';
import { report } from './validate';

/** A bucket of tokens: each request adds a part of one, each extra attempt takes a whole one. */
const budget = (what: string, ratio: number, burst: number) =>
  z
    .strictObject({
      ratio: z.number().min(0).max(1).default(ratio).describe(`${what} per request. Default ${ratio}.`),
      burst: z
        .int()
        .min(0)
        .max(10_000)
        .default(burst)
        .describe(`${what} that may be saved up, and those of the start. Default ${burst}.`),
    })
    .prefault({})
    .describe(`Bounds the ${what.toLowerCase()} of this replica by a share of its requests.`);

const retry = z
  .strictObject({
    maxAttempts: z
      .int()
      .min(1)
      .max(10)
      .default(3)
      .describe('Most attempts at one request, the first and a hedge included. Default 3; 1: no retry.'),
    repeat: z
      .enum(['unbilled', 'perhaps-billed'])
      .default('unbilled')
      .describe(
        '`unbilled` (default): only a request that no provider can have billed is repeated. `perhaps-billed`: also one that ran out of time, lost its connection after it was written, or was answered 500, 502, 504 or nonsense. It may then be billed twice.',
      ),
    backoffBaseMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(100)
      .describe(
        'Longest pause before the same target is asked again, in milliseconds. It doubles with each attempt. Default 100.',
      ),
    backoffMaxMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(2_000)
      .describe('The pause doubles up to this, in milliseconds. Default 2000.'),
    maxRetryAfterMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(5_000)
      .describe(
        "Longest `retry-after` of a provider that is waited for, in milliseconds. A longer one is the client's to wait for. Default 5000.",
      ),
    budget: budget('Retries', 0.2, 10),
  })
  .prefault({})
  .describe('When a failed attempt is followed by another.');

const breaker = z
  .strictObject({
    windowMs: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(30_000)
      .describe('Length of the past that is judged, in milliseconds. Default 30000.'),
    minAttempts: z
      .int()
      .min(1)
      .max(10_000)
      .default(10)
      .describe('Fewer attempts within the window never open it. Default 10.'),
    failureRatio: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.5)
      .describe('Share of failures within the window from which on it opens. Default 0.5.'),
    openMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(15_000)
      .describe(
        'How long the target is left alone before one request tries it, in milliseconds. Default 15000.',
      ),
  })
  .prefault({})
  .describe('When a target that fails is left alone.');

/** What holds for the way to every target. */
export const routing = z
  .strictObject({ retry, breaker, hedgeBudget: budget('Hedges', 0.05, 5) })
  .prefault({});

export const hedgeAfterMs = z
  .int()
  .min(10)
  .max(upstreamTimings.totalMs)
  .optional()
  .describe(
    'A request whose answer has not begun after so many milliseconds is sent to a second target too, and the first to begin answers. Both may bill it. Absent: never.',
  );

interface Checked {
  readonly routing: z.output<typeof routing>;
  readonly models: readonly {
    readonly targets: readonly unknown[];
    readonly hedgeAfterMs?: number | undefined;
  }[];
}

/** Rules of routing that no single field can state. */
export function routingRules({ routing: { retry }, models }: Checked, ctx: z.core.$RefinementCtx): void {
  if (retry.backoffBaseMs > retry.backoffMaxMs) {
    report(ctx, {
      path: ['routing', 'retry', 'backoffBaseMs'],
      rule: `must not be longer than backoffMaxMs (${retry.backoffMaxMs}), up to which the pause doubles`,
      fix: 'lower it, or raise backoffMaxMs',
    });
  }
  models.forEach(({ targets, hedgeAfterMs: afterMs }, index) => {
    if (afterMs === undefined) return;
    const path = ['models', index, 'hedgeAfterMs'];
    if (targets.length < 2) {
      report(ctx, {
        path,
        rule: 'needs a second target: the one that is slow would only be asked twice',
        fix: 'add a target, or remove it',
      });
    }
    if (retry.maxAttempts < 2) {
      report(ctx, {
        path,
        rule: 'has no effect where routing.retry.maxAttempts is 1, since a hedge is a second attempt',
        fix: 'raise maxAttempts, or remove it',
      });
    }
  });
}

import { z } from 'zod';
import { caFile, secretFile } from './secret-file';
import { report } from './validate';

/** Limits of one tenant, or of all clients together. */
export const limits = z.strictObject({
  requestsPerSecond: z
    .number()
    .min(0.001)
    .max(1_000_000)
    .optional()
    .describe('Requests per second that are admitted in the long run. Absent: no limit.'),
  burst: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Requests that are admitted at once after a rest. Default: those of one second, at least 1.'),
  tokensPerMinute: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(
      'Tokens per minute, input and output together. Reserved by an estimate before, settled by the real number after. Absent: no limit.',
    ),
  concurrentStreams: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Streamed answers in progress at once. Absent: no limit.'),
  dailyBudgetUsd: z
    .number()
    .min(0.000_001)
    .max(1_000_000)
    .optional()
    .describe(
      'What one UTC day may cost, in USD. Every model that can be reached needs a price. Absent: no limit.',
    ),
});

const usdPerMillionTokens = z.number().min(0).max(1_000_000);

/** What a model costs at a provider. Bills are the provider's; this is what the gateway reckons with. */
export const price = z.strictObject({
  inputUsdPerMillionTokens: usdPerMillionTokens.describe('USD for a million tokens of the prompt.'),
  outputUsdPerMillionTokens: usdPerMillionTokens.describe('USD for a million tokens that the model writes.'),
  cachedInputUsdPerMillionTokens: usdPerMillionTokens
    .optional()
    .describe("USD for a million tokens of the prompt from the provider's cache. Default: the input price."),
});

export const memoryStore = z
  .strictObject({ kind: z.literal('memory') })
  .describe('In the process. With several replicas each of them admits the whole limit.');

export const redisStore = z
  .strictObject({
    kind: z.literal('redis'),
    host: z.string().min(1).max(253).describe('Host name or address.'),
    port: z.int().min(1).max(65_535).default(6379).describe('Default 6379.'),
    tls: z
      .boolean()
      .default(false)
      .describe(
        'Default false. The certificate is always checked, by the authorities of `caFile` or the public ones.',
      ),
    caFile,
    username: z.string().min(1).optional().describe('ACL user. Absent: the default user.'),
    passwordFile: secretFile.optional().describe('File with the password. Absent: none is sent.'),
    timeoutMs: z
      .int()
      .min(5)
      .max(5_000)
      .default(50)
      .describe(
        'Longest wait for a decision in milliseconds. After it this replica decides by its share. Default 50.',
      ),
    maxReplicas: z
      .int()
      .min(1)
      .max(10_000)
      .describe(
        "Most replicas that may run: the autoscaler's maximum. While Redis is away and has never told how many there are, each replica admits this part of every limit.",
      ),
    keyPrefix: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.:-]{0,63}$/,
        'must be 1 to 64 lower-case letters, digits, dots, colons or hyphens',
      )
      .default('gateway')
      .describe(
        'Begins all keys, as a hash tag. Gateways with the same share their limits. Default "gateway".',
      ),
  })
  .describe('In a Redis of version 6 or newer that all replicas share.');

/** Where limits are counted. */
export const store = z
  .discriminatedUnion('kind', [memoryStore, redisStore], {
    error: 'must have a `kind` of "memory" or "redis"',
  })
  .default({ kind: 'memory' })
  .describe('Where limits are counted. Default memory. Fixed while the process runs.');

interface CheckedLimits {
  readonly requestsPerSecond?: number | undefined;
  readonly burst?: number | undefined;
  readonly dailyBudgetUsd?: number | undefined;
}

interface Checked {
  readonly models: readonly {
    readonly name: string;
    readonly targets: readonly { readonly price?: unknown }[];
  }[];
  readonly tenants: readonly {
    readonly models?: readonly string[] | undefined;
    readonly limits?: CheckedLimits | undefined;
  }[];
  readonly limits: { readonly global?: CheckedLimits | undefined };
}

/** Rules between limits, and between budgets and prices. */
export function limitRules(config: Checked, ctx: z.core.$RefinementCtx): void {
  config.tenants.forEach(({ limits, models }, index) => {
    rulesOf(limits, models, ['tenants', index, 'limits'], config, ctx);
  });
  rulesOf(config.limits.global, undefined, ['limits', 'global'], config, ctx);
}

/** @param reachable Names of the models that may be asked for; undefined for all. */
function rulesOf(
  limits: CheckedLimits | undefined,
  reachable: readonly string[] | undefined,
  path: (string | number)[],
  config: Checked,
  ctx: z.core.$RefinementCtx,
): void {
  if (limits === undefined) return;
  if (limits.burst !== undefined && limits.requestsPerSecond === undefined) {
    report(ctx, {
      path: [...path, 'burst'],
      rule: 'needs requestsPerSecond beside it: without a rate nothing refills',
      fix: 'add requestsPerSecond, or remove burst',
    });
  }
  if (limits.dailyBudgetUsd === undefined) return;
  const unpriced = config.models
    .filter(
      ({ name, targets }) =>
        targets.some(({ price }) => price === undefined) && (reachable?.includes(name) ?? true),
    )
    .map(({ name }) => name);
  if (unpriced.length === 0) return;
  report(ctx, {
    path: [...path, 'dailyBudgetUsd'],
    rule: `needs a price at every target that can be reached (missing: ${unpriced.join(', ')}): what costs nothing is never stopped by a budget`,
    fix: 'add a price to each target of these models, with zeros where they are free',
  });
}

import { z } from 'zod';
import { access, tenantCertificate, tenantToken } from './runtime-config-access';
import { admin } from './runtime-config-admin';
import { audit } from './runtime-config-audit';
import { limitRules, limits, price, store } from './runtime-config-limits';
import { name, provider } from './runtime-config-providers';
import { hedgeAfterMs, routing, routingRules } from './runtime-config-routing';
import { cache } from './runtime-config-cache';
import { crossChecks } from './runtime-config-rules';
import { tls } from './runtime-config-tls';
import { tracing } from './runtime-config-tracing';
import { validate } from './validate';

const target = z.strictObject({
  provider: z.string().describe('Name of an entry of `providers`.'),
  model: z.string().min(1).max(256).describe("The model's name at that provider."),
  priority: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Lower goes first; the next ones are asked where it fails. Default: place in the list.'),
  weight: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Share of the requests among targets of the same priority. Default 1.'),
  price: price.optional().describe('Needed where a budget in USD reaches the model.'),
});

const model = z.strictObject({
  name: z.string().min(1).max(128).describe('The name that clients ask for.'),
  targets: z
    .array(target)
    .min(1)
    .max(16)
    .describe('Where its requests go: in order of priority, and by weight within one.'),
  hedgeAfterMs,
});

const clientKey = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 hash: 64 lower-case hexadecimal digits, never the key itself')
    .describe('SHA-256 of the key. The key itself is stored nowhere.'),
});

const tenant = z.strictObject({
  name,
  keys: z
    .array(clientKey)
    .max(16)
    .default([])
    .describe('Several keys overlap while clients move to a new one.'),
  tokens: z
    .array(tenantToken)
    .max(64)
    .default([])
    .describe('Its tokens, where `access` takes those of an issuer.'),
  certificates: z
    .array(tenantCertificate)
    .max(64)
    .default([])
    .describe('Its client certificates, where `access` takes them.'),
  models: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Names from `models` that the tenant may use. Absent: all.'),
  limits: limits.optional().describe("The tenant's own limits. Absent: only the global ones."),
});

const requestLimits = z.strictObject({
  maxBodyBytes: z
    .int()
    .min(1024)
    .max(256 * 1024 * 1024)
    .default(10 * 1024 * 1024)
    .describe('Largest request body in bytes. Default 10 MiB; a larger one is answered 413.'),
  global: limits
    .optional()
    .describe('Limits of all clients together, beside those of each tenant. Per region.'),
});

/** Rules across fields. A schema that states some field in another way keeps them too. */
export function runtimeConfigRules(
  config: Parameters<typeof crossChecks>[0] &
    Parameters<typeof limitRules>[0] &
    Parameters<typeof routingRules>[0],
  ctx: z.core.$RefinementCtx,
): void {
  crossChecks(config, ctx);
  limitRules(config, ctx);
  routingRules(config, ctx);
}

/**
 * The runtime configuration: the one definition from which the TypeScript type, the validator of both halves and the
 * JSON Schema for editors come.
 */
export const runtimeConfigSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    access,
    tls: tls.optional(),
    providers: z.array(provider).min(1).max(64),
    models: z.array(model).min(1).max(512),
    tenants: z.array(tenant).max(1024).default([]),
    limits: requestLimits.prefault({}),
    routing,
    store,
    audit: audit.prefault({}),
    admin: admin.optional(),
    cache: cache.optional(),
    tracing: tracing.optional(),
  })
  .superRefine(runtimeConfigRules)
  .describe('Runtime configuration of the AI gateway.');

/** The configuration as written: defaults may be left out. */
export type RuntimeConfigInput = z.input<typeof runtimeConfigSchema>;
/** The configuration as validated: defaults filled in. */
export type RuntimeConfig = z.output<typeof runtimeConfigSchema>;
export type ProviderConfig = RuntimeConfig['providers'][number];
export type OpenAiProviderConfig = Extract<ProviderConfig, { kind: 'openai' }>;
export type AzureOpenAiProviderConfig = Extract<ProviderConfig, { kind: 'azure-openai' }>;
export type AnthropicProviderConfig = Extract<ProviderConfig, { kind: 'anthropic' }>;
export type PriceConfig = NonNullable<RuntimeConfig['models'][number]['targets'][number]['price']>;

/**
 * Validates a runtime configuration and fills in its defaults.
 *
 * @param subject What was read, for the message, e.g. a file's path.
 * @param consequence What does not happen if it is refused.
 * @throws InvalidInput with all problems at once.
 */
export function parseRuntimeConfig(input: unknown, subject: string, consequence: string): RuntimeConfig {
  return validate(runtimeConfigSchema, input, subject, consequence);
}

/** JSON Schema of the configuration file, for editors. Cross-field rules are not expressible in it. */
export function runtimeConfigJsonSchema(): object {
  return z.toJSONSchema(runtimeConfigSchema, { io: 'input', target: 'draft-7' });
}

import type { Size } from 'cdk8s';
import { z } from 'zod';
import { logLevels } from '../../../gateway-app/contract/env';
import { report, rule } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { excusedBy } from '../exceptions';
import { cpuMillis } from '../units';
import { clusterConfigSchema } from './cluster-config';
import { exceptions, registry } from './policy-settings';
import { rightFields } from './right-fields';
import { dnsLabel, labelValue, pattern } from './scalars';
import { cpu, size } from './unit-types';

const image = z.strictObject({
  registry: registry.optional(),
  repository: pattern(
    /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    'must be a path of lower-case words, without tag or digest',
    'write it like team/api-gateway, and the tag in `tag`',
  ),
  // Kubernetes' label rule is narrower than the registry's: the tag becomes the label app.kubernetes.io/version.
  tag: labelValue.refine(
    (tag) => tag !== 'latest',
    rule('must not be latest: two pulls of it can bring two programs', 'name a version'),
  ),
  digest: pattern(
    /^sha256:[0-9a-f]{64}$/,
    'must be sha256: and 64 lower-case hexadecimal digits',
    'copy it from the registry',
  ).optional(),
});

function requestWithin<Unit>(
  amounts: { request: Unit; limit: Unit },
  number: (unit: Unit) => number,
  ctx: z.core.$RefinementCtx,
): void {
  const { right } = rightFields(ctx);
  if (!right('request') || !right('limit') || number(amounts.request) <= number(amounts.limit)) return;
  report(ctx, {
    path: ['request'],
    rule: 'must not be above the limit, since no node could keep both',
    fix: 'lower the request or raise the limit',
  });
}

const sizeAmounts = (request: Size, limit: Size) =>
  z
    .strictObject({ request: size.default(request), limit: size.default(limit) })
    .superRefine((amounts, ctx) => {
      requestWithin(amounts, kibibytes, ctx);
    })
    .prefault({});

const resources = z
  .strictObject({
    cpu: z
      .strictObject({ request: cpu.default(defaults.cpuRequest), limit: cpu.default(defaults.cpuLimit) })
      .superRefine((amounts, ctx) => {
        requestWithin(amounts, cpuMillis, ctx);
      })
      .prefault({}),
    memory: sizeAmounts(defaults.memoryRequest, defaults.memoryLimit),
    ephemeralStorage: sizeAmounts(defaults.ephemeralStorageRequest, defaults.ephemeralStorageLimit),
  })
  .prefault({});

/** What describes one gateway, wherever it runs. */
export const gatewayFields = {
  environment: labelValue,
  owner: labelValue,
  namespace: dnsLabel().default(defaults.namespace),
  image,
  exceptions,
  logLevel: z.enum(logLevels).default(defaults.logLevel),
  resources,
  config: clusterConfigSchema,
};

/** Object names append up to 13 characters to the gateway's (`-default-deny`). */
export const gatewayName = dnsLabel(50).default(defaults.name);

export type Resources = z.output<typeof resources>;

interface Checked {
  readonly image: z.output<typeof image>;
  readonly exceptions: z.output<typeof exceptions>;
}

/**
 * Rules that span fields of {@link gatewayFields}. Runs also where some fields are wrong, so that all problems are told
 * at once: each rule looks only at fields that are right.
 */
export function gatewayRules({ image, exceptions }: Checked, ctx: z.core.$RefinementCtx): void {
  const { shaped, right } = rightFields(ctx);
  if (shaped('image') && right('image.digest') && right('exceptions')) {
    const isExcused = exceptions.some(({ id }) => excusedBy(id).includes('image-tag-and-digest'));
    if (image.digest === undefined && !isExcused) {
      report(ctx, {
        path: ['image', 'digest'],
        rule: 'must be given: without it, whoever may push the tag decides what runs',
        fix: "add the digest, or the exception { id: 'image-unreleased', reason, expires }",
      });
    }
  }
}

function kibibytes(amount: Size): number {
  return amount.toKibibytes();
}

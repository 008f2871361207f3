import type { Size } from 'cdk8s';
import { z } from 'zod';
import { logLevels } from '../../../gateway-app/contract/env';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { excusedBy } from '../exceptions';
import { cpuMillis } from '../units';
import { clusterConfigSchema, type ClusterConfig } from './cluster-config';
import { image, type Image } from './image';
import { exceptions } from './policy-settings';
import { rightFields } from './right-fields';
import { dnsLabel, labelValue } from './scalars';
import { cpu, size } from './unit-types';

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
  readonly image: Image;
  readonly exceptions: z.output<typeof exceptions>;
  readonly config: Pick<ClusterConfig, 'store'>;
}

/**
 * Rules that span fields of {@link gatewayFields}. Runs also where some fields are wrong, so that all problems are told
 * at once: each rule looks only at fields that are right.
 */
export function gatewayRules({ image, exceptions, config }: Checked, ctx: z.core.$RefinementCtx): void {
  const { shaped, right } = rightFields(ctx);
  if (!right('exceptions')) return;
  if (exceptions.some(({ id }) => excusedBy(id).includes('image-tag-and-digest'))) return;
  if (shaped('image') && right('image.digest')) requireDigest(image, ['image'], ctx);
  if (right('config.store') && config.store.kind === 'in-cluster') {
    requireDigest(config.store.image, ['config', 'store', 'image'], ctx);
  }
}

function requireDigest({ digest }: Image, path: readonly string[], ctx: z.core.$RefinementCtx): void {
  if (digest !== undefined) return;
  report(ctx, {
    path: [...path, 'digest'],
    rule: 'must be given: without it, whoever may push the tag decides what runs',
    fix: "add the digest, or the exception { id: 'image-unreleased', reason, expires }",
  });
}

function kibibytes(amount: Size): number {
  return amount.toKibibytes();
}

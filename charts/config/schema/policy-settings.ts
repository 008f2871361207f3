import { z } from 'zod';
import { exceptionIds } from '../exceptions';
import { pattern } from './scalars';

const exception = z.strictObject({
  id: z.enum(exceptionIds),
  reason: z.string().min(1),
  expires: z.iso.date({ error: 'must be a day as YYYY-MM-DD' }),
  object: z.strictObject({ kind: z.string().min(1), name: z.string().min(1) }).optional(),
});

export const exceptions = z.array(exception).readonly().default([]);

export const registry = pattern(
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
  'must be a host, with a port if it has one',
  'write it like registry.example.com:5000',
);

export const imageRegistries = z.array(registry).min(1).readonly().optional();

/** What the policy takes from an environment, as it lies beside the manifests. */
export const policySettings = z.strictObject({ exceptions, imageRegistries });

export type PolicySettings = z.output<typeof policySettings>;

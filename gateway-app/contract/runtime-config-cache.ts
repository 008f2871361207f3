import { z } from 'zod';

/** Answers that are given again. Absent in a configuration: every request goes to a provider. */
export const cache = z
  .strictObject({
    maxBytes: z
      .int()
      .min(64 * 1024)
      .max(1024 * 1024 * 1024)
      .default(64 * 1024 * 1024)
      .describe('Memory of a replica for all answers, in bytes, 64 KiB to 1 GiB. Default 64 MiB.'),
    maxEntryBytes: z
      .int()
      .min(1024)
      .max(16 * 1024 * 1024)
      .default(1024 * 1024)
      .describe(
        'Largest answer that is kept, in bytes, 1 KiB to 16 MiB. Of a longer stream nobody can join the beginning any more. Default 1 MiB.',
      ),
    maxAgeSeconds: z
      .int()
      .min(1)
      .max(7 * 24 * 3600)
      .default(300)
      .describe('How long an answer is given again, in seconds, up to 7 days. Default 300.'),
  })
  .refine(({ maxBytes, maxEntryBytes }) => maxEntryBytes <= maxBytes, {
    error: 'maxEntryBytes must not be above maxBytes, since such an answer would find no room',
    path: ['maxEntryBytes'],
  })
  .describe('Exact cache: the same request of the same tenant is answered from memory.');

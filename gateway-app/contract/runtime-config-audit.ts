import { z } from 'zod';

const mebibyte = 1024 * 1024;

const stdoutSink = z
  .strictObject({ kind: z.literal('stdout') })
  .describe('Standard output, together with the log; lines of the audit carry "kind":"audit".');

const fileSink = z
  .strictObject({
    kind: z.literal('file'),
    path: z
      .string()
      .regex(/^\/[^\0]*[^/\0]$/, 'must be an absolute path of a file')
      .describe('Absolute path. Earlier files get the endings .1, .2 and so on. One process per file.'),
    maxBytes: z
      .int()
      .min(mebibyte)
      .max(10 * 1024 * mebibyte)
      .default(100 * mebibyte)
      .describe('Size in bytes at which the next file begins. Default 100 MiB.'),
    maxFiles: z
      .int()
      .min(2)
      .max(1000)
      .default(10)
      .describe('Files that are kept, the one in use included; the oldest is deleted. Default 10.'),
  })
  .describe('A file on a disk of its own, where no log pipeline collects standard output.');

/** Where the audit log goes, and what its failure means. */
export const audit = z.strictObject({
  sink: z
    .discriminatedUnion('kind', [stdoutSink, fileSink], { error: 'must have a `kind` of "stdout" or "file"' })
    .default({ kind: 'stdout' })
    .describe('Where the lines go. Default standard output. Fixed while the process runs.'),
  onFailure: z
    .enum(['refuse', 'count'])
    .default('count')
    .describe(
      '`refuse`: while the sink takes nothing, requests are answered 503 `audit_unavailable`. `count`: they go on; what finds no room in the buffer is counted, in a metric and in the chain. Default `count`.',
    ),
});

import { z } from 'zod';
import { secretFile } from './secret-file';

/** Where spans go. Absent in a configuration: none are made, and a client's trace context is passed on as it came. */
export const tracing = z
  .strictObject({
    otlpUrl: z
      .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
      .describe(
        'Where spans are posted as OTLP over HTTP, in full, e.g. http://otel-collector.observability.svc:4318/v1/traces.',
      ),
    bearerTokenFile: secretFile
      .optional()
      .describe(
        'File with the token that the collector wants, sent as `authorization: Bearer`. Absent: none is sent.',
      ),
    sampleRatio: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe(
        'Share of the requests that begin a trace here whose spans are exported, 0 to 1. A request that comes with a trace keeps its decision. Default 0.05.',
      ),
  })
  .describe('Traces: spans of each sampled request and of each attempt at a provider, exported by OTLP.');

import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Timings } from '../core/timings';
import type { OtlpOptions } from '../telemetry/otlp-exporter';
import type { Registry } from '../telemetry/registry';
import type { Logger } from '../telemetry/logger';
import type { SpanExporter, SpanObserver } from '../telemetry/span';

/** Spans that wait for a collector; some 2 KiB each. */
const maxWaiting = 4096;

interface Open {
  readonly config: NonNullable<RuntimeConfig['tracing']>;
  readonly exporter: SpanExporter;
}

export interface TracingParts {
  readonly registry: Registry;
  readonly logger: Logger;
  /** The value of a secret file as it is now. */
  readonly secret: (file: string) => string;
  readonly timings: Timings['tracing'];
  /** Loads the exporter's packages, and makes one. */
  readonly newExporter: (options: OtlpOptions, observer: SpanObserver) => SpanExporter;
}

/** The exporter that the configuration in use asks for. */
export class Tracing {
  #open: Open | undefined;
  readonly #observer: SpanObserver;

  constructor(private readonly parts: TracingParts) {
    this.#observer = spanObserver(parts.registry, parts.logger);
  }

  /** Follows a configuration. Requests of the old one may still end: their spans go the way they were meant to go. */
  follow(config: RuntimeConfig['tracing']): SpanExporter | undefined {
    if (isDeepStrictEqual(config, this.#open?.config)) return this.#open?.exporter;
    void this.close();
    if (config === undefined) return undefined;
    const exporter = this.#newExporter(config);
    this.#open = { config, exporter };
    this.parts.logger.info({ sampleRatio: config.sampleRatio }, 'traces are exported');
    return exporter;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.exporter.close();
  }

  #newExporter({ otlpUrl, bearerTokenFile }: Open['config']): SpanExporter {
    const { secret, timings, newExporter } = this.parts;
    return newExporter(
      {
        url: otlpUrl,
        bearerToken: bearerTokenFile === undefined ? undefined : () => secret(bearerTokenFile),
        // The name of a pod is its host's.
        resource: { 'service.name': 'ai-gateway', 'service.instance.id': hostname() },
        timings,
        maxWaiting,
      },
      this.#observer,
    );
  }
}

function spanObserver({ families }: Registry, logger: Logger): SpanObserver {
  const exported = families.traceSpans.series({ result: 'exported' });
  const failed = families.traceSpans.series({ result: 'failed' });
  return {
    onExported: (spans) => {
      exported.value += spans;
    },
    onFailed: (spans, reason) => {
      failed.value += spans;
      logger.warn({ spans, reason }, 'spans were not taken by the collector, and are lost');
    },
  };
}

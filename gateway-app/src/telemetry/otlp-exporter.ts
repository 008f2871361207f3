import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter as BatchExporter,
} from '@opentelemetry/sdk-trace';
import type { Span, SpanExporter, SpanObserver } from './span';

export interface OtlpOptions {
  readonly url: string;
  /** Asked for each batch, so that a rotated secret is found. */
  readonly bearerToken?: (() => string) | undefined;
  /** Who sends: `service.name` and the like. */
  readonly resource: Readonly<Record<string, string>>;
  readonly timings: { readonly batchMs: number; readonly exportMs: number; readonly closeMs: number };
  /** Spans that may wait; more are dropped, since a collector that is away must not fill the memory. */
  readonly maxWaiting: number;
}

/**
 * Sends spans by OTLP over HTTP. This file alone imports OpenTelemetry, and is loaded only where traces are asked for: its
 * packages would double what every other gateway loads.
 */
export class OtlpExporter implements SpanExporter {
  readonly #processor: BatchSpanProcessor;
  readonly #resource;

  constructor(
    private readonly options: OtlpOptions,
    observer: SpanObserver,
  ) {
    const { url, bearerToken, timings, maxWaiting } = options;
    this.#resource = resourceFromAttributes({ ...options.resource });
    const otlp = new OTLPTraceExporter({
      url,
      timeoutMillis: timings.exportMs,
      ...(bearerToken !== undefined && {
        headers: () => Promise.resolve({ authorization: `Bearer ${bearerToken()}` }),
      }),
    });
    this.#processor = new BatchSpanProcessor({
      exporter: observed(otlp, observer),
      maxQueueSize: maxWaiting,
      maxExportBatchSize: Math.min(512, maxWaiting),
      scheduledDelayMillis: timings.batchMs,
      exportTimeoutMillis: timings.exportMs,
    });
  }

  export(span: Span): void {
    this.#processor.onEnd(this.#readable(span));
  }

  async close(): Promise<void> {
    let limit: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, this.options.timings.closeMs);
    });
    // Spans that a collector does not take are lost with the process, and counted before.
    await Promise.race([this.#processor.shutdown().catch(() => undefined), patience]);
    clearTimeout(limit);
  }

  #readable({
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    startMs,
    endMs,
    error,
    attributes,
  }: Span): ReadableSpan {
    const context = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
    return {
      name,
      kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT,
      spanContext: () => context(spanId),
      ...(parentSpanId !== undefined && { parentSpanContext: context(parentSpanId) }),
      startTime: hrTime(startMs),
      endTime: hrTime(endMs),
      duration: hrTime(endMs - startMs),
      status:
        error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
      attributes,
      links: [],
      events: [],
      ended: true,
      resource: this.#resource,
      instrumentationScope: { name: 'gateway' },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  }
}

/** The same exporter, whose results are told. */
function observed(exporter: BatchExporter, observer: SpanObserver): BatchExporter {
  return {
    export: (spans, onResult) => {
      exporter.export(spans, (result) => {
        if (result.error === undefined) observer.onExported(spans.length);
        else observer.onFailed(spans.length, result.error.message);
        onResult(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function hrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}

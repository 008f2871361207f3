/** A span that has ended, independent of any exporter. Attribute names are those of OpenTelemetry's conventions. */
export interface Span {
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Unix time in milliseconds, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  /** Why it failed; undefined where it did not. */
  readonly error: string | undefined;
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Takes spans to where they are kept. It never blocks, and drops what it cannot take. */
export interface SpanExporter {
  export(span: Span): void;
  /** Sends what is waiting, for a short time at most, and lets go of everything. */
  close(): Promise<void>;
}

/** What became of spans, for metrics. */
export interface SpanObserver {
  onExported(spans: number): void;
  onFailed(spans: number, reason: string): void;
}

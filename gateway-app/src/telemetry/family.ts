import type { Metric } from '../../contract/metrics';
import { Histogram } from './series';

type Labels<Label extends string> = Readonly<Record<Label, string>>;

interface Entry<Series> {
  readonly series: Series;
  readonly write: () => string;
}

/** All series of one metric. */
export class Family<Label extends string, Series extends { readonly value: number } | Histogram> {
  readonly #entries = new Map<string, Entry<Series>>();
  readonly #head: string;

  constructor(
    private readonly metric: Metric<Metric['type'], Label>,
    private readonly create: () => Series,
  ) {
    this.#head = `# HELP ${metric.name} ${metric.help}\n# TYPE ${metric.name} ${metric.type}\n`;
  }

  /** The series with these labels; created at 0 where it is new. Keep it: this is too slow for each request. */
  series(labels: Labels<Label>): Series {
    const text = this.metric.labels.map((label) => `${label}="${escaped(labels[label])}"`).join(',');
    let entry = this.#entries.get(text);
    if (entry === undefined) {
      const series = this.create();
      const write =
        series instanceof Histogram
          ? histogramWriter(this.metric, text, series)
          : valueWriter(this.metric.name, text, series);
      entry = { series, write };
      this.#entries.set(text, entry);
    }
    return entry.series;
  }

  /** Removes every series, for a metric that is filled anew at each scrape: what it was about may be gone. */
  clear(): void {
    this.#entries.clear();
  }

  /** Lines that one series takes in the text format. */
  get linesPerSeries(): number {
    const { type, buckets = [] } = this.metric;
    // Its buckets, the one without a bound, sum and count.
    return type === 'histogram' ? buckets.length + 3 : 1;
  }

  /** Prometheus text format, one piece per series. */
  *render(): Generator<string, void, void> {
    yield this.#head;
    for (const { write } of this.#entries.values()) yield write();
  }
}

function valueWriter(name: string, labels: string, series: { readonly value: number }): () => string {
  const prefix = `${name}${braced(labels)} `;
  return () => `${prefix}${series.value}\n`;
}

function histogramWriter(metric: Metric, labels: string, series: Histogram): () => string {
  const comma = labels === '' ? '' : ',';
  const bounds = [...(metric.buckets ?? []).map(String), '+Inf'];
  const prefixes = bounds.map((bound) => `${metric.name}_bucket{${labels}${comma}le="${bound}"} `);
  const sumPrefix = `${metric.name}_sum${braced(labels)} `;
  const countPrefix = `${metric.name}_count${braced(labels)} `;
  return () => {
    let text = '';
    let cumulated = 0;
    for (let index = 0; index < prefixes.length; index += 1) {
      cumulated += series.counts[index] ?? 0;
      text += `${prefixes[index] ?? ''}${cumulated}\n`;
    }
    return `${text}${sumPrefix}${series.sum}\n${countPrefix}${cumulated}\n`;
  };
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

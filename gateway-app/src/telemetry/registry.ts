import { metrics, type Metric, type MetricKey } from '../../contract/metrics';
import { Family } from './family';
import { Counter, Gauge, Histogram } from './series';

type LabelOf<Definition> = Definition extends Metric<Metric['type'], infer Label> ? Label : never;
type SeriesOf<Definition> = Definition extends { readonly type: 'histogram' }
  ? Histogram
  : Definition extends { readonly type: 'counter' }
    ? Counter
    : Gauge;

type Families = {
  readonly [Key in MetricKey]: Family<LabelOf<(typeof metrics)[Key]>, SeriesOf<(typeof metrics)[Key]>>;
};

/** Content type of {@link Registry.render}. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

const maxLinesPerPart = 1_000;

/** Every metric of the contract's catalogue, and no other. */
export class Registry {
  readonly families: Families;
  readonly #collectors: (() => void)[] = [];

  constructor() {
    const families: Record<string, unknown> = {};
    for (const [key, metric] of Object.entries(metrics) as [MetricKey, Metric][]) {
      const family = new Family<string, Counter | Gauge | Histogram>(metric, () => newSeries(metric));
      if (metric.labels.length === 0) family.series({});
      families[key] = family;
    }
    this.families = families as Families;
  }

  /** Sets gauges just before they are read: what is read once in a while need not be kept up to date at each request. */
  onCollect(collector: () => void): void {
    this.#collectors.push(collector);
  }

  /**
   * All series in Prometheus' text format, in parts that each take about a millisecond: between two of them other work goes
   * on. A series is written within one part, so its buckets, sum and count belong together.
   */
  *render(): Generator<string, void, void> {
    for (const collect of this.#collectors) collect();
    let part = '';
    let lines = 0;
    for (const family of Object.values(this.families)) {
      const { linesPerSeries } = family;
      for (const text of family.render()) {
        part += text;
        lines += linesPerSeries;
        if (lines < maxLinesPerPart) continue;
        yield part;
        part = '';
        lines = 0;
      }
    }
    yield part;
  }
}

function newSeries(metric: Metric): Counter | Gauge | Histogram {
  switch (metric.type) {
    case 'counter':
      return new Counter();
    case 'gauge':
      return new Gauge();
    case 'histogram':
      return new Histogram(metric.buckets ?? []);
  }
}

import { type Metric, metrics } from '../../gateway-app/contract/metrics';
import { externalMetrics } from './external-metrics';

/** Names of metrics, each with the labels that its series have. */
export type KnownMetrics = ReadonlyMap<string, ReadonlySet<string>>;

/** Given to every series by any scrape. */
const targetLabels = ['namespace', 'job', 'pod', 'container', 'instance'];

/**
 * Everything that an expression may ask for: the program's catalogue, the closed list of external metrics, and what
 * the rules themselves record. The same for each region, so that what was found out about it holds for the next.
 *
 * @param scrapeLabels What this scrape gives to every series, besides the labels that any does.
 */
export function knownMetrics(
  recorded: readonly Metric[] = [],
  scrapeLabels: readonly string[] = ['region', 'service', 'endpoint'],
): KnownMetrics {
  const key = JSON.stringify([recorded.map(({ name, type, labels }) => [name, type, labels]), scrapeLabels]);
  const known = knownBefore.get(key) ?? catalogueWith(recorded, scrapeLabels);
  knownBefore.set(key, known);
  return known;
}

const knownBefore = new Map<string, KnownMetrics>();

function catalogueWith(recorded: readonly Metric[], scrapeLabels: readonly string[]): KnownMetrics {
  return new Map(
    [...Object.values<Metric>(metrics), ...Object.values<Metric>(externalMetrics), ...recorded].flatMap(
      (metric) => seriesNames(metric, scrapeLabels),
    ),
  );
}

function seriesNames(
  { name, type, labels }: Metric,
  scrapeLabels: readonly string[],
): [string, ReadonlySet<string>][] {
  const all = [...labels, ...targetLabels, ...scrapeLabels];
  if (type !== 'histogram') return [[name, new Set(all)]];
  return [
    [`${name}_bucket`, new Set([...all, 'le'])],
    [`${name}_sum`, new Set(all)],
    [`${name}_count`, new Set(all)],
  ];
}

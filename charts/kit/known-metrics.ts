import { type Metric, metrics } from '../../gateway-app/contract/metrics';
import { externalMetrics } from './external-metrics';

/** Names of metrics, each with the labels that its series have. */
export type KnownMetrics = ReadonlyMap<string, ReadonlySet<string>>;

/** Given to every series by the operator's scrape of a Service. */
const targetLabels = ['namespace', 'job', 'service', 'endpoint', 'pod', 'container', 'instance'];

/**
 * Everything that an expression may ask for: the program's catalogue, the closed list of external metrics, and what
 * the rules themselves record.
 */
export function knownMetrics(recorded: readonly Metric[] = []): KnownMetrics {
  return new Map(
    [...Object.values<Metric>(metrics), ...Object.values<Metric>(externalMetrics), ...recorded].flatMap(
      seriesNames,
    ),
  );
}

function seriesNames({ name, type, labels }: Metric): [string, ReadonlySet<string>][] {
  const all = [...labels, ...targetLabels];
  if (type !== 'histogram') return [[name, new Set(all)]];
  return [
    [`${name}_bucket`, new Set([...all, 'le'])],
    [`${name}_sum`, new Set(all)],
    [`${name}_count`, new Set(all)],
  ];
}

export type MetricType = 'counter' | 'gauge' | 'histogram';

/**
 * One metric. The label names are part of the type: a rule or a panel that asks for a label the program does not emit
 * does not compile.
 */
export interface Metric<Type extends MetricType = MetricType, Label extends string = string> {
  readonly name: string;
  readonly type: Type;
  /** Unit of the value, in Prometheus base units. */
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'count' | 'timestamp' | 'usd';
  readonly labels: readonly Label[];
  readonly help: string;
  /** Upper bounds of the histogram's buckets, ascending, `+Inf` not named. */
  readonly buckets?: readonly number[];
}

/** States a metric with its label names in its type. */
export const metric = <Type extends MetricType, Label extends string = never>(
  definition: Metric<Type, Label>,
): Metric<Type, Label> => definition;

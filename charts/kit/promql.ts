import type { Duration } from 'cdk8s';
import type { Metric, MetricType } from '../../gateway-app/contract/metrics';
import type { WorkloadRef } from './workload-ref';

/** A PromQL expression. */
export type Expression = string & { readonly language: 'promql' };

/** A condition on a label: a value, or what a regular expression matches in full. */
export type Matcher = string | { readonly matches: string };

/** Conditions on labels that the metric has; another label does not compile. */
export type Matchers<Label extends string> = [Label] extends [never]
  ? Readonly<Record<string, never>>
  : Readonly<Partial<Record<Label, Matcher>>>;

/** The series of one metric of one workload, as the operator's ServiceMonitor labels them. */
export interface Series<Type extends MetricType, Label extends string> {
  readonly metric: Metric<Type, Label>;
  readonly selector: string;
}

/** Without the workload's own labels, two gateways under one Prometheus would be added up. */
export function seriesOf<Type extends MetricType, Label extends string>(
  workload: WorkloadRef,
  metric: Metric<Type, Label>,
  matchers?: Matchers<NoInfer<Label>>,
): Series<Type, Label> {
  return { metric, selector: selectorOf({ namespace: workload.namespace, job: workload.name, ...matchers }) };
}

/** Series that others make of objects in the workload's namespace: their job is not the gateway. */
export function objectSeriesOf<Type extends MetricType, Label extends string>(
  workload: WorkloadRef,
  metric: Metric<Type, Label>,
  matchers?: Matchers<NoInfer<Label>>,
): Series<Type, Label> {
  return { metric, selector: selectorOf({ namespace: workload.namespace, ...matchers }) };
}

/** Observations of a histogram up to one of its bounds. */
export function bucket(series: Series<'histogram', string>, boundSeconds: number): Series<'counter', string> {
  // Prometheus 3 writes the bound of a whole number as 1.0, and earlier ones as it was scraped.
  const le = Number.isInteger(boundSeconds) ? `=~"${boundSeconds}(\\\\.0)?"` : `="${boundSeconds}"`;
  return {
    metric: { ...series.metric, type: 'counter', name: `${series.metric.name}_bucket` },
    selector: series.selector.replace(/}$/, `,le${le}}`),
  };
}

/** All observations of a histogram. */
export function observations(series: Series<'histogram', string>): Series<'counter', string> {
  return { ...series, metric: { ...series.metric, type: 'counter', name: `${series.metric.name}_count` } };
}

/** The value of each series now. */
export function latest(series: Series<'gauge', string>): Expression {
  return promql(`${series.metric.name}${series.selector}`);
}

/** Seconds since the point in time that each series tells. */
export function age(series: Series<'gauge', string>): Expression {
  return promql(`time() - ${series.metric.name}${series.selector}`);
}

/** Mean of a gauge over a window, for each series. */
export function average(series: Series<'gauge', string>, window: Duration): Expression {
  return promql(`avg_over_time(${series.metric.name}${series.selector}[${prometheusDuration(window)}])`);
}

/** Sum of all samples of a gauge in a window, for each series: it grows with the number of samples. */
export function total(series: Series<'gauge', string>, window: Duration): Expression {
  return promql(`sum_over_time(${series.metric.name}${series.selector}[${prometheusDuration(window)}])`);
}

/** Increase per second, summed over all pods. */
export function sumOfRates(
  series: Series<'counter', string>,
  window: Duration,
  by: readonly string[] = [],
): Expression {
  return promql(
    `sum${grouping(by)}(rate(${series.metric.name}${series.selector}[${prometheusDuration(window)}]))`,
  );
}

/** Increase over the window, summed over all pods. */
export function sumOfIncreases(
  series: Series<'counter', string>,
  window: Duration,
  by: readonly string[] = [],
): Expression {
  return promql(
    `sum${grouping(by)}(increase(${series.metric.name}${series.selector}[${prometheusDuration(window)}]))`,
  );
}

/** Quantile over the observations of all pods. */
export function quantile(
  share: number,
  series: Series<'histogram', string>,
  window: Duration,
  by: readonly string[] = [],
): Expression {
  const rates = `rate(${series.metric.name}_bucket${series.selector}[${prometheusDuration(window)}])`;
  return promql(`histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${rates}))`);
}

export function maximum(expression: Expression, by: readonly string[] = []): Expression {
  return promql(`max${grouping(by)}(${expression})`);
}

export function sum(expression: Expression): Expression {
  return promql(`sum(${expression})`);
}

export function count(expression: Expression): Expression {
  return promql(`count(${expression})`);
}

/** 1 where there is no such series, else nothing. */
export function absent(expression: Expression): Expression {
  return promql(`absent(${expression})`);
}

export function constant(value: number): Expression {
  return promql(`vector(${value})`);
}

export function ratio(part: Expression, whole: Expression): Expression {
  return promql(`${part} / ${whole}`);
}

export function difference(whole: Expression, part: Expression): Expression {
  return promql(`${whole} - ${part}`);
}

export function times(expression: Expression, factor: number): Expression {
  return promql(`${expression} * ${factor}`);
}

/** What is left of 1 after an expression is counted in units of `unit`. */
export function shareLeft(expression: Expression, unit: number): Expression {
  return promql(`1 - ${expression} / ${unit}`);
}

export function above(expression: Expression, threshold: number): Expression {
  return promql(`${expression} > ${threshold}`);
}

export function atLeast(expression: Expression, threshold: number | Expression): Expression {
  return promql(`${expression} >= ${threshold}`);
}

export function equal(expression: Expression, value: number): Expression {
  return promql(`${expression} == ${value}`);
}

/** The first of several conditions, where every one holds. */
export function allOf(...conditions: readonly Expression[]): Expression {
  return promql(conditions.join(' and '));
}

/** A duration as Prometheus writes it: `90s`, `5m`, `6h`, `3d`. */
export function prometheusDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

function promql(text: string): Expression {
  return text as Expression;
}

function selectorOf(matchers: Readonly<Record<string, Matcher | undefined>>): string {
  const parts = Object.entries(matchers).flatMap(([label, matcher]) => {
    if (matcher === undefined) return [];
    return typeof matcher === 'string' ? `${label}=${quote(matcher)}` : `${label}=~${quote(matcher.matches)}`;
  });
  return `{${parts.join(',')}}`;
}

function grouping(by: readonly string[]): string {
  return by.length === 0 ? '' : ` by (${by.join(', ')}) `;
}

function quote(value: string): string {
  return JSON.stringify(value);
}

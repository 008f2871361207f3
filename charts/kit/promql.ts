import type { Duration } from 'cdk8s';
import type { Metric, MetricType } from '../../gateway-app/contract/metrics';

/** A PromQL expression. */
export type Expression = string & { readonly language: 'promql' };

/** A condition on a label: a value, or what a regular expression matches in full. */
export type Matcher = string | { readonly matches: string };

/** Conditions on labels that the metric has; another label does not compile. */
export type Matchers<Label extends string> = [Label] extends [never]
  ? Readonly<Record<string, never>>
  : Readonly<Partial<Record<Label, Matcher>>>;

/** Whose series are meant: a workload, or what a dashboard's variables stand for. */
export interface SeriesScope {
  readonly namespace: string;
  /** Label `job`. */
  readonly name: string;
  /** Absent: the series have no such label. */
  readonly region?: Matcher | undefined;
}

/** What a rate looks back: a time, or what suits the zoom of the panel that shows it. */
export type Window = Duration | typeof panelWindow;

/** Grafana's own variable: four scrapes at least, and more where a pixel stands for more. */
export const panelWindow = '$__rate_interval';

/** The series of one metric of one workload, as its scrape labels them. */
export interface Series<Type extends MetricType, Label extends string> {
  readonly metric: Metric<Type, Label>;
  readonly selector: string;
}

/** Without the workload's own labels, two gateways under one Prometheus would be added up. */
export function seriesOf<Type extends MetricType, Label extends string>(
  { namespace, name, region }: SeriesScope,
  metric: Metric<Type, Label>,
  matchers?: Matchers<NoInfer<Label>>,
): Series<Type, Label> {
  return { metric, selector: selectorOf({ namespace, job: name, region, ...matchers }) };
}

/** Series that others make of objects in the namespace: their job is not the gateway, and they know no region. */
export function objectSeriesOf<Type extends MetricType, Label extends string>(
  { namespace }: Pick<SeriesScope, 'namespace'>,
  metric: Metric<Type, Label>,
  matchers?: Matchers<NoInfer<Label>>,
): Series<Type, Label> {
  return { metric, selector: selectorOf({ namespace, ...matchers }) };
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
  return promql(`avg_over_time(${series.metric.name}${series.selector}[${windowText(window)}])`);
}

/** Sum of all samples of a gauge in a window, for each series: it grows with the number of samples. */
export function total(series: Series<'gauge', string>, window: Duration): Expression {
  return promql(`sum_over_time(${series.metric.name}${series.selector}[${windowText(window)}])`);
}

/** Increase per second, summed over all pods. */
export function sumOfRates(
  series: Series<'counter', string>,
  window: Window,
  by: readonly string[] = [],
): Expression {
  return promql(`sum${grouping(by)}(rate(${series.metric.name}${series.selector}[${windowText(window)}]))`);
}

/** Increase over the window, summed over all pods. */
export function sumOfIncreases(
  series: Series<'counter', string>,
  window: Window,
  by: readonly string[] = [],
): Expression {
  return promql(
    `sum${grouping(by)}(increase(${series.metric.name}${series.selector}[${windowText(window)}]))`,
  );
}

/** Quantile over the observations of all pods. */
export function quantile(
  share: number,
  series: Series<'histogram', string>,
  window: Window,
  by: readonly string[] = [],
): Expression {
  const rates = `rate(${series.metric.name}_bucket${series.selector}[${windowText(window)}])`;
  return promql(`histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${rates}))`);
}

export function maximum(expression: Expression, by: readonly string[] = []): Expression {
  return promql(`max${grouping(by)}(${expression})`);
}

export function sum(expression: Expression, by: readonly string[] = []): Expression {
  return promql(`sum${grouping(by)}(${expression})`);
}

export function minimum(expression: Expression, by: readonly string[] = []): Expression {
  return promql(`min${grouping(by)}(${expression})`);
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

/** How many times `unit` an expression is. */
export function timesUnit(expression: Expression, unit: number): Expression {
  return promql(`${expression} / ${unit}`);
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

function windowText(window: Window): string {
  return typeof window === 'string' ? window : prometheusDuration(window);
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

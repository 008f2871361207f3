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
  const all: Readonly<Record<string, Matcher | undefined>> = {
    namespace: workload.namespace,
    job: workload.name,
    ...matchers,
  };
  const parts = Object.entries(all).flatMap(([label, matcher]) => {
    if (matcher === undefined) return [];
    return typeof matcher === 'string' ? `${label}=${quote(matcher)}` : `${label}=~${quote(matcher.matches)}`;
  });
  return { metric, selector: `{${parts.join(',')}}` };
}

/** Increase per second, summed over all pods. */
export function sumOfRates(series: Series<'counter', string>, window: Duration): Expression {
  return promql(`sum(rate(${series.metric.name}${series.selector}[${prometheusDuration(window)}]))`);
}

/** Quantile over the observations of all pods. */
export function quantile(share: number, series: Series<'histogram', string>, window: Duration): Expression {
  const rates = `rate(${series.metric.name}_bucket${series.selector}[${prometheusDuration(window)}])`;
  return promql(`histogram_quantile(${share}, sum by (le) (${rates}))`);
}

export function ratio(part: Expression, whole: Expression): Expression {
  return promql(`${part} / ${whole}`);
}

export function above(expression: Expression, threshold: number): Expression {
  return promql(`${expression} > ${threshold}`);
}

/** A duration as Prometheus writes it: `90s`, `5m`. */
export function prometheusDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function promql(text: string): Expression {
  return text as Expression;
}

function quote(value: string): string {
  return JSON.stringify(value);
}

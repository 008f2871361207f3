import type { Duration } from 'cdk8s';
import type { Metric } from '../../gateway-app/contract/metrics';
import type { Expression } from '../kit/promql';

export interface Alert {
  /** Also the name of its page in `docs/runbooks`. */
  readonly name: string;
  /** `critical` wakes a person, `warning` waits for the morning, `none` shows that alerts are delivered at all. */
  readonly severity: 'critical' | 'warning' | 'none';
  readonly expression: Expression;
  /** Absent: it fires at once. */
  readonly for?: Duration;
  /** Besides severity and namespace, which every alert has. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

export interface Recording {
  readonly record: Metric<'gauge'>;
  readonly labels: Readonly<Record<string, string>>;
  readonly expression: Expression;
}

/** Rules that are evaluated one after the other, so that a later one sees what an earlier one has just recorded. */
export interface RuleGroup {
  /** Appended to the gateway's name. */
  readonly suffix?: string;
  /** Between two evaluations. Absent: as Prometheus is set. */
  readonly interval?: Duration;
  readonly recordings?: readonly Recording[];
  readonly alerts: readonly Alert[];
}

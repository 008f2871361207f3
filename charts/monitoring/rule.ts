import type { Duration } from 'cdk8s';
import type { Metric } from '../../gateway-app/contract/metrics';
import type { Expression } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';

/**
 * Stated on every alert and recording: a sum and an `absent` have no labels of their own, the operator's Alertmanager
 * routes by the namespace, and labels that Prometheus adds to what it sends never replace one that is there.
 */
export function placeLabels({ namespace, region }: WorkloadRef): Record<string, string> {
  return { namespace, ...(region === undefined ? {} : { region }) };
}

export interface Alert {
  /** Also the name of its page in `docs/runbooks`. */
  readonly name: string;
  /** `critical` wakes a person, `warning` waits for the morning, `none` shows that alerts are delivered at all. */
  readonly severity: 'critical' | 'warning' | 'none';
  readonly expression: Expression;
  /** Absent: it fires at once. */
  readonly for?: Duration;
  /** Besides severity, namespace and region, which every alert has. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Causes that explain it: beside one of them, with the same values of `same`, nobody is told of it. */
  readonly symptomOf?: readonly { readonly cause: string; readonly same?: readonly string[] }[];
  readonly summary: string;
  readonly description: string;
}

export interface Recording {
  readonly record: Metric<'gauge'>;
  readonly labels: Readonly<Record<string, string>>;
  readonly expression: Expression;
}

/** No pod answers: whatever it says of requests and targets follows from that. */
export const symptomOfAbsence = [{ cause: 'GatewayAbsent' }] as const;

/** Rules that are evaluated one after the other, so that a later one sees what an earlier one has just recorded. */
export interface RuleGroup {
  /** Appended to the gateway's name. */
  readonly suffix?: string;
  /** Between two evaluations. Absent: as Prometheus is set. */
  readonly interval?: Duration;
  readonly recordings?: readonly Recording[];
  readonly alerts: readonly Alert[];
}

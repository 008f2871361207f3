import type { Field } from './field';
import { containersOf, podOf } from './pod';

/** One rule of the policy over one finished object. */
export interface Check {
  /** Kebab-case; stable, since reports and exceptions name it. */
  readonly id: string;
  /** The rule, as a statement about a good manifest. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly reason: string;
  /** What to write instead. */
  readonly fix: string;
  /** The fields that break the rule; none for an object that keeps it or that it does not concern. */
  examine(object: Field): readonly Field[];
}

/** Examines the pod spec of every kind that starts pods. */
export function overPods(examine: (pod: Field) => readonly Field[]): Check['examine'] {
  return (object) => {
    const pod = podOf(object);
    return pod === undefined ? [] : examine(pod);
  };
}

/** Examines every container; a pod-level field that several containers inherit is reported once. */
export function overContainers(
  examine: (container: Field, pod: Field) => readonly Field[],
): Check['examine'] {
  return overPods((pod) => {
    const findings = containersOf(pod).flatMap((container) => examine(container, pod));
    return [...new Map(findings.map((field) => [field.path, field])).values()];
  });
}

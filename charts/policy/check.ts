import type { CheckId } from '../config/check-ids';
import type { Field } from './field';
import type { Folder } from './folder';
import { kindOf } from './kind';
import { containersOf, podOf } from './pod';

/** One rule of the policy over one finished object. */
export interface Check {
  /** Kebab-case; stable, since reports and exceptions name it. */
  readonly id: CheckId;
  /** The rule, as a statement about a good manifest. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly reason: string;
  /** What to write instead. */
  readonly fix: string;
  /**
   * The fields that break the rule; none for an object that keeps it or that it does not concern.
   *
   * @param folder What the same cluster is given beside the object, and the object itself.
   */
  examine(object: Field, folder: Folder): readonly Field[];
}

/** Examines the objects of some kinds, written `Deployment.apps`. */
export function overKinds(kinds: readonly string[], examine: Check['examine']): Check['examine'] {
  return (object, folder) => (kinds.includes(kindOf(object)) ? examine(object, folder) : []);
}

/** Examines the pod spec of every kind that starts pods. */
export function overPods(
  examine: (pod: Field, object: Field, folder: Folder) => readonly Field[],
): Check['examine'] {
  return (object, folder) => {
    const pod = podOf(object);
    return pod === undefined ? [] : examine(pod, object, folder);
  };
}

/** Examines every container; a pod-level field that several containers inherit is reported once. */
export function overContainers(
  examine: (container: Field, pod: Field, folder: Folder) => readonly Field[],
): Check['examine'] {
  return overPods((pod, _object, folder) => {
    const findings = containersOf(pod).flatMap((container) => examine(container, pod, folder));
    return [...new Map(findings.map((field) => [field.path, field])).values()];
  });
}

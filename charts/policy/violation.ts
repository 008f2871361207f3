import { inspect } from 'node:util';
import type { CheckId } from '../config/check-ids';
import type { ObjectReference } from './manifest';

/** One field of one object that breaks one check. */
export interface Violation {
  readonly checkId: CheckId;
  /** What goes wrong. */
  readonly reason: string;
  /** What to write instead. */
  readonly fix: string;
  readonly object: ObjectReference;
  /** JSON path inside the object. */
  readonly path: string;
  /** The value at the path; undefined where the field is missing. */
  readonly found: unknown;
}

/** One violation for a reader: the value, the rule's reason and the fix. */
export function formatViolation({ checkId, reason, fix, object, path, found }: Violation): string {
  return `${checkId}: ${formatReference(object)}: ${path} is ${formatFound(found)}. ${reason} ${fix}`;
}

/** For example `Deployment production/api-gateway`. */
export function formatReference({ kind, namespace, name }: ObjectReference): string {
  const shownName = name === '' ? '(without name)' : name;
  return `${kind === '' ? '(without kind)' : kind} ${namespace === '' ? '' : `${namespace}/`}${shownName}`;
}

export function formatFound(found: unknown): string {
  return found === undefined ? 'absent' : inspect(found, { depth: 2, breakLength: Infinity });
}

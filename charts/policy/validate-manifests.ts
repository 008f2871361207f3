import { inspect } from 'node:util';

import type { Check } from './check';
import { checks } from './checks';
import { wellFormed } from './checks/shape';
import { Field, isMapping } from './field';
import { objectsIn, referenceTo, type Manifest, type ObjectReference } from './manifest';

/** One field of one object that breaks one check. */
export interface Violation {
  readonly checkId: string;
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

/**
 * Judges finished manifests by the whole policy.
 *
 * @param documents Parsed YAML documents, or what `chart.toJson()` returns. Empty documents are skipped and lists are
 *   taken apart; what is no Kubernetes object is a violation of `well-formed`. Nothing is thrown.
 * @returns The violations in the order of the documents, then of the policy; empty where all is well.
 */
export function validateManifests(documents: readonly unknown[]): Violation[] {
  return documents.flatMap((document, index) =>
    objectsIn(document).flatMap((object) =>
      isMapping(object)
        ? violationsOf(object)
        : [{ ...violationOf(wellFormed, {}, Field.root(object)), path: `documents[${index}]` }],
    ),
  );
}

function violationsOf(object: Manifest): Violation[] {
  const root = Field.root(object);
  const violations = checks.flatMap((check) =>
    check.examine(root).map((field) => violationOf(check, object, field)),
  );
  return [...root.mistyped.map((field) => violationOf(wellFormed, object, field)), ...violations];
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

function violationOf(check: Check, object: Manifest, field: Field): Violation {
  return {
    checkId: check.id,
    reason: check.reason,
    fix: check.fix,
    object: referenceTo(object),
    path: field.path,
    found: field.value,
  };
}

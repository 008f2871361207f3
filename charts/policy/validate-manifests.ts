import type { ExceptionInput } from '../config/types';
import type { Check } from './check';
import { checks } from './checks';
import { wellFormed } from './checks/shape';
import { excuses } from './exceptions';
import { Field, isMapping } from './field';
import { Folder, type FolderSettings } from './folder';
import { objectsIn, referenceTo } from './manifest';
import type { Violation } from './violation';

/** What the policy takes into account beside the manifests. */
export interface PolicyOptions extends FolderSettings {
  /** Rules knowingly broken: their violations are left out, expired or not. Absent: none. */
  readonly exceptions?: readonly ExceptionInput[] | undefined;
}

/**
 * Judges finished manifests by the whole policy.
 *
 * @param documents Parsed YAML documents, or what `chart.toJson()` returns: all that one cluster is given together,
 *   since many checks look for one object beside another. Empty documents are skipped and lists are taken apart; what
 *   is no Kubernetes object is a violation of `well-formed`. Nothing is thrown.
 * @returns The violations in the order of the documents, then of the policy; empty where all is well.
 */
export function validateManifests(documents: readonly unknown[], options: PolicyOptions = {}): Violation[] {
  return judgeDocuments(documents, options).map(({ index: _index, ...violation }) => violation);
}

/** The same, and which of the documents each violation is in. */
export function judgeDocuments(
  documents: readonly unknown[],
  options: PolicyOptions = {},
): (Violation & { readonly index: number })[] {
  const objects = documents.flatMap((document, index) =>
    objectsIn(document).map((object) => ({ root: Field.root(object), index })),
  );
  const folder = new Folder(
    objects.map(({ root }) => root).filter(({ value }) => isMapping(value)),
    options,
  );
  const broken = objects.map(({ root, index }) =>
    isMapping(root.value)
      ? checks.flatMap((check) => check.examine(root, folder).map((field) => violationOf(check, root, field)))
      : [{ ...violationOf(wellFormed, root, root), path: `documents[${index}]` }],
  );
  // Only now: a check of another object may be the one that stepped into a field of the wrong type.
  return objects
    .flatMap(({ root, index }, position) =>
      [
        ...root.mistyped.map((field) => violationOf(wellFormed, root, field)),
        ...(broken[position] ?? []),
      ].map((violation) => ({ ...violation, index })),
    )
    .filter((violation) => !options.exceptions?.some((exception) => excuses(exception, violation)));
}

function violationOf(check: Check, root: Field, field: Field): Violation {
  return {
    checkId: check.id,
    reason: check.reason,
    fix: check.fix,
    object: referenceTo(isMapping(root.value) ? root.value : {}),
    path: field.path,
    found: field.value,
  };
}

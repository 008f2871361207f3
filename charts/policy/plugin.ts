import { dirname } from 'node:path';

import type { Validation, ValidationContext } from 'cdk8s-cli/plugins';

import { checks } from './checks';
import { settingsFor } from './settings-file';
import { judgeDocuments } from './validate-manifests';
import { formatFound, formatReference, type Violation } from './violation';
import { readDocuments } from './yaml-file';

type Located = Violation & { readonly manifestPath: string };

/** The policy as a cdk8s validation: `cdk8s synth` prints its report, and exits with 2 where a check is broken. */
export class ManifestPolicy implements Validation {
  validate({ manifests, report }: ValidationContext): Promise<void> {
    const violations = byFolder(manifests).flatMap(([folder, paths]) => judge(folder, paths));
    for (const { id, reason, fix } of checks) {
      const broken = violations.filter(({ checkId }) => checkId === id);
      if (broken.length === 0) continue;
      report.addViolation({
        ruleName: id,
        recommendation: reason,
        fix,
        violatingResources: byObject(broken).map(([first, ...rest]) => ({
          // Regions hold objects of the same name, so the name alone would not say which is meant.
          resourceName: formatReference(first.object),
          manifestPath: first.manifestPath,
          locations: [first, ...rest].map(({ path, found }) => `${path} is ${formatFound(found)}`),
        })),
      });
    }
    report.submit(violations.length === 0 ? 'success' : 'failure');
    return Promise.resolve();
  }
}

/** What `cdk8s synth` has written into one folder goes to one cluster, so that each object is judged beside the others. */
function byFolder(paths: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
  return [...folders];
}

function judge(folder: string, paths: readonly string[]): readonly Located[] {
  const files = paths.flatMap((path) => readDocuments(path).map((document) => [path, document] as const));
  const documents = files.map(([, document]) => document);
  return judgeDocuments(documents, settingsFor(folder)).map(({ index, ...violation }) => ({
    ...violation,
    manifestPath: files[index]?.[0] ?? folder,
  }));
}

function byObject(violations: readonly Located[]): readonly (readonly [Located, ...Located[]])[] {
  const groups = new Map<string, [Located, ...Located[]]>();
  for (const violation of violations) {
    const key = `${violation.manifestPath} ${formatReference(violation.object)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [violation]);
    else group.push(violation);
  }
  return [...groups.values()];
}

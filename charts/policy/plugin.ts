import { readFileSync } from 'node:fs';

import type { Validation, ValidationContext } from 'cdk8s-cli/plugins';
import { parseAllDocuments } from 'yaml';

import { checks } from './checks';
import { formatFound, formatReference, validateManifests, type Violation } from './validate-manifests';

type Located = Violation & { readonly manifestPath: string };

/** The policy as a cdk8s validation: `cdk8s synth` prints its report, and exits with 2 where a check is broken. */
export class ManifestPolicy implements Validation {
  validate({ manifests, report }: ValidationContext): Promise<void> {
    const violations = manifests.flatMap((manifestPath) =>
      validateManifests(readDocuments(manifestPath)).map((violation) => ({ ...violation, manifestPath })),
    );
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

/**
 * The documents of one file, read as the API server's YAML 1.1: there `privileged: yes` means true.
 *
 * @throws Error where the file is no YAML. Half a manifest may hide what breaks the policy, so nothing is judged.
 */
function readDocuments(path: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1' }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Error(
        `${path} is not valid YAML, so the policy judged nothing: ${error.message} Correct the file, or the construct that writes it.`,
      );
    }
    return document.toJS() as unknown;
  });
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

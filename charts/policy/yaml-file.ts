import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/**
 * The documents of one file, read as the API server's YAML 1.1: there `privileged: yes` means true.
 *
 * @throws Error where the file is no YAML. Half a manifest may hide what breaks the policy, so nothing is judged.
 */
export function readDocuments(path: string): readonly unknown[] {
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

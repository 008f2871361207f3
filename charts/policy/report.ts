import type { ExceptionInput } from '../config/types';
import { excuses, hasExpired } from './exceptions';
import { manifestFolders } from './manifest-folders';
import { settingsFor } from './settings-file';
import { judgeDocuments } from './validate-manifests';
import type { Violation } from './violation';
import { readDocuments } from './yaml-file';

/** A violation, and the file that it is in. */
export interface Finding extends Violation {
  readonly file: string;
}

export interface ExceptionUse extends ExceptionInput {
  readonly expired: boolean;
  /** How many findings it excuses. */
  readonly excused: number;
}

/** What the policy says of a folder of manifests. */
export interface Report {
  readonly files: number;
  /** Findings that no exception excuses. */
  readonly findings: readonly Finding[];
  readonly exceptions: readonly ExceptionUse[];
  readonly passed: boolean;
}

export interface ReportOptions {
  /** An exception past its last day excuses nothing, and fails the report. Default: it still holds. */
  readonly strict?: boolean | undefined;
  /** The day by which exceptions expire. Default: today. */
  readonly today?: Date | undefined;
}

/**
 * Judges every manifest in a folder and below.
 *
 * @throws Error where something cannot be read; then nothing has been judged.
 */
export function reportOn(folder: string, { strict = false, today = new Date() }: ReportOptions = {}): Report {
  const { exceptions, imageRegistries } = settingsFor(folder);
  const clusters = manifestFolders(folder);
  const found = clusters.flatMap(({ paths }) => {
    const files = paths.flatMap((file) => readDocuments(file).map((document) => ({ file, document })));
    const documents = files.map(({ document }) => document);
    return judgeDocuments(documents, { imageRegistries }).map(({ index, ...violation }) => ({
      ...violation,
      file: files[index]?.file ?? folder,
    }));
  });
  const uses = exceptions.map((exception) => ({
    ...exception,
    expired: hasExpired(exception, today),
    excused: found.filter((finding) => excuses(exception, finding)).length,
  }));
  const holding = strict ? uses.filter(({ expired }) => !expired) : uses;
  const findings = found.filter((finding) => !holding.some((exception) => excuses(exception, finding)));
  return {
    files: clusters.reduce((sum, { paths }) => sum + paths.length, 0),
    findings,
    exceptions: uses,
    passed: findings.length === 0 && holding.length === uses.length,
  };
}

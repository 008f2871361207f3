import { checks } from './checks';
import { columns } from './columns';
import { formatException } from './exceptions';
import type { Report } from './report';
import { formatFound, formatReference } from './violation';

/** Longer values are cut in the table; `--json` has them whole. */
const widestFound = 60;

/** A report for a terminal: what was found, how to mend it, what is excused. */
export function formatReport(report: Report, today: Date): string {
  const { files, findings, exceptions } = report;
  const rows = findings.map(({ checkId, object, path, found, file }) => [
    checkId,
    formatReference(object),
    path,
    shortened(formatFound(found)),
    file,
  ]);
  const broken = checks.filter(({ id }) => findings.some(({ checkId }) => checkId === id));
  const sections = [
    ...(rows.length === 0 ? [] : [columns([['check', 'object', 'field', 'found', 'file'], ...rows])]),
    ...broken.map(({ id, reason, fix }) => `${id}\n  ${reason}\n  Fix: ${fix}`),
    ...exceptions.map((exception) => {
      const text = formatException(exception, today);
      return exception.excused > 0 ? text : `${text} It excuses nothing here: remove it.`;
    }),
    `${count(files, 'file')} judged by ${checks.length} checks: ${count(findings.length, 'finding')} of ${count(broken.length, 'check')}.`,
  ];
  return sections.join('\n\n');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function shortened(text: string): string {
  return text.length > widestFound ? `${text.slice(0, widestFound)}…` : text;
}

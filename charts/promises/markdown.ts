import { promiseIds, type PromiseCheck, type PromiseId } from './check';
import { notesOf, subjectOf } from './notes';
import type { PromiseReport } from './report';

/** The report as a page, for whoever reviews the manifests. */
export function markdownOf(report: PromiseReport): string {
  const broken = report.checks.filter(({ holds }) => !holds);
  return [
    `# What ${report.environment} promises, and whether it can keep it`,
    '',
    '```text',
    ...notesOf(report),
    '```',
    ...(report.checks.length === 0
      ? []
      : [
          '',
          '| promise | holds | figures |',
          '| --- | --- | --- |',
          ...report.checks.map(
            (check) => `| ${subjectOf(check)} | ${check.holds ? 'yes' : '**no**'} | ${check.figures} |`,
          ),
        ]),
    ...(broken.length === 0
      ? []
      : [
          '',
          '## What to change',
          '',
          ...broken.map((check) => `- ${subjectOf(check)}: ${check.change ?? ''}`),
        ]),
    ...(report.checks.length === 0 ? [] : ['', '## What each promise means', '', ...meanings(report.checks)]),
    '',
  ].join('\n');
}

function meanings(checks: readonly PromiseCheck[]): string[] {
  const ids = [...new Set(checks.map(({ id }) => id))];
  return ids.map((id: PromiseId) => `- \`${id}\`: ${promiseIds[id]}.`);
}

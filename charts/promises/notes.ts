import { grouped, rounded, type PromiseCheck } from './check';
import type { PromiseReport } from './report';

/** The report in a few lines, for a terminal. */
export function notesOf(report: PromiseReport): string[] {
  return [...budgetNotes(report), ...failoverNotes(report), ...loadNotes(report)];
}

/** What does not hold, each with the change that mends it. */
export function brokenPromises({ checks }: PromiseReport): string[] {
  return checks
    .filter(({ holds }) => !holds)
    .map(
      (check) =>
        `promises: ${subjectOf(check)} does not hold: ${check.figures}. It holds with ${check.change ?? ''}.`,
    );
}

/** `zone-loss of us-west-2`. */
export function subjectOf({ id, regions }: PromiseCheck): string {
  return regions.length === 0 ? id : `${id} of ${regions.join(', ')}`;
}

function budgetNotes({ objectives, periodDays, retentionDays }: PromiseReport): string[] {
  return [
    ...objectives.map(
      ({ name, target, budgetSeconds }) =>
        `${name} ${target} %: the budget of ${periodDays} days is ${rounded(budgetSeconds)} s of bad requests only`,
    ),
    `monitoring.retention assumes that Prometheus keeps ${rounded(retentionDays)} d of samples`,
  ];
}

function failoverNotes({ failover, budget, periodDays }: PromiseReport): string[] {
  if (failover === undefined) return [];
  const { checks, intervalSeconds, ttlSeconds, totalSeconds } = failover;
  if (totalSeconds === undefined) {
    return [
      `failover by a person: ${ttlSeconds} s of TTL after the control is turned, and before it however long that takes`,
    ];
  }
  return [
    `failover by DNS: ${checks} checks x ${intervalSeconds} s + ${ttlSeconds} s of TTL = ${totalSeconds} s without service`,
    ...(budget === undefined
      ? []
      : [
          `lost regions that ${budget.name} survives in ${periodDays} days: ${Math.floor(budget.seconds / totalSeconds)}`,
        ]),
  ];
}

function loadNotes({ load, checks }: PromiseReport): string[] {
  if (load === undefined) return [];
  const kept = checks.filter(({ holds }) => holds).length;
  return [
    `load: ${grouped(load.requestsPerSecond)} requests/s keep ${grouped(load.openStreams)} streams open, with ${grouped(load.chunksPerSecond)} chunks/s: ${rounded(load.cores)} cores, ${load.pods} pods`,
    `promises that hold: ${kept} of ${checks.length}; report.md has the arithmetic`,
  ];
}

import { outageSeconds } from './config/error-budget';
import type { Environment } from './config/schema/environment';
import { failoverTime, type FailoverTime } from './promises/failover-time';

/** What the objectives allow, in seconds of a total outage, and what one failover takes of it. */
export function sloNotes({ monitoring: { slos, sloPeriod, retention }, failover }: Environment): string[] {
  const period = `${sloPeriod.toDays()} days`;
  const budgets = [
    ...slos.map(
      (slo) =>
        `${slo.name} ${slo.target} %: the budget of ${period} is ${rounded(outageSeconds(slo, sloPeriod))} s of bad requests only`,
    ),
    `monitoring.retention assumes that Prometheus keeps ${rounded(retention.toDays({ integral: false }))} d of samples`,
  ];
  const time = failoverTime(failover);
  if (time === undefined) return budgets;
  const strictest = slos
    .filter(({ name }) => name === 'gateway-availability' || name === 'user-availability')
    .map((slo) => ({ name: slo.name, seconds: outageSeconds(slo, sloPeriod) }))
    .sort((a, b) => a.seconds - b.seconds)[0];
  return [...budgets, ...failoverNotes(time, strictest, period)];
}

function failoverNotes(
  { checks, intervalSeconds, ttlSeconds, totalSeconds }: FailoverTime,
  strictest: { readonly name: string; readonly seconds: number } | undefined,
  period: string,
): string[] {
  if (totalSeconds === undefined) {
    return [
      `failover by a person: ${ttlSeconds} s of TTL after the control is turned, and before it however long that takes`,
    ];
  }
  return [
    `failover by DNS: ${checks} checks x ${intervalSeconds} s + ${ttlSeconds} s of TTL = ${totalSeconds} s without service`,
    ...(strictest === undefined
      ? []
      : [
          `lost regions that ${strictest.name} survives in ${period}: ${Math.floor(strictest.seconds / totalSeconds)}`,
        ]),
  ];
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

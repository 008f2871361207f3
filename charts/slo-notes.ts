import { outageSeconds } from './config/error-budget';
import type { Environment } from './config/schema/environment';

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
  if (failover?.enabled !== true) return budgets;
  const intervalSeconds = failover.healthCheckInterval.toSeconds();
  const ttlSeconds = failover.recordTtl.toSeconds();
  const failoverSeconds = intervalSeconds * failover.failureThreshold + ttlSeconds;
  const strictest = slos
    .filter(({ name }) => name === 'gateway-availability' || name === 'user-availability')
    .map((slo) => ({ name: slo.name, seconds: outageSeconds(slo, sloPeriod) }))
    .sort((a, b) => a.seconds - b.seconds)[0];
  return [
    ...budgets,
    `failover by DNS: ${failover.failureThreshold} checks x ${intervalSeconds} s + ${ttlSeconds} s of TTL = ${failoverSeconds} s without service`,
    ...(strictest === undefined
      ? []
      : [
          `lost regions that ${strictest.name} survives in ${period}: ${Math.floor(strictest.seconds / failoverSeconds)}`,
        ]),
  ];
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

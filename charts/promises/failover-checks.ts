import { outageSeconds } from '../config/error-budget';
import type { Environment } from '../config/schema/environment';
import { byPriority } from '../config/regional';
import { type PromiseCheck, percent, rounded } from './check';
import type { FailoverTime } from './failover-time';
import type { Load } from './load';
import { keyOf, maxReplicasOf } from './load-checks';
import { replicasForTakeover, takeover } from './takeover';

/** The objective whose budget a lost region burns first. */
export interface Budget {
  readonly name: string;
  readonly target: number;
  readonly seconds: number;
}

/** Undefined where no availability is promised. */
export function strictestBudget({ monitoring: { slos, sloPeriod } }: Environment): Budget | undefined {
  return slos
    .filter(({ name }) => name === 'gateway-availability' || name === 'user-availability')
    .map((slo) => ({ name: slo.name, target: slo.target, seconds: outageSeconds(slo, sloPeriod) }))
    .sort((a, b) => a.seconds - b.seconds)[0];
}

export function failoverWithinBudget(
  environment: Environment,
  budget: Budget,
  time: FailoverTime | undefined,
): PromiseCheck[] {
  const { failover } = environment;
  if (failover?.enabled === true && failover.by?.kind === 'none') return [];
  const { name, target, seconds } = budget;
  const allowed = `${name} ${target} % allows ${rounded(seconds)} s in ${environment.monitoring.sloPeriod.toDays()} days`;
  return [{ id: 'failover-within-budget', regions: [], ...judged(time, seconds, allowed) }];
}

function judged(
  time: FailoverTime | undefined,
  budgetSeconds: number,
  allowed: string,
): Pick<PromiseCheck, 'holds' | 'figures' | 'change'> {
  if (time === undefined) {
    return {
      holds: false,
      figures: `a lost region stays lost until it comes back by itself; ${allowed}`,
      change: 'a second region, with failover.enabled: true',
    };
  }
  if (time.totalSeconds === undefined) {
    const left = budgetSeconds - time.ttlSeconds;
    return {
      holds: left > 0,
      figures: `${allowed}; ${time.ttlSeconds} s are the TTL's, and ${rounded(Math.max(0, left))} s are left to be paged, to decide and to turn the control`,
      ...(left <= 0 && { change: 'a shorter failover.by.recordTtl' }),
    };
  }
  const { checks, intervalSeconds, ttlSeconds, totalSeconds } = time;
  return {
    holds: totalSeconds < budgetSeconds,
    figures: `${checks} checks x ${intervalSeconds} s + ${ttlSeconds} s of TTL = ${totalSeconds} s without service, ${percent(totalSeconds / budgetSeconds)} of the budget; ${allowed}`,
    ...(totalSeconds >= budgetSeconds && {
      change: `failover.healthCheckInterval, failureThreshold and recordTtl that make less than ${rounded(budgetSeconds)} s, or a lower target`,
    }),
  };
}

/** Each region but the first stands by. Those that are first after a loss are told by how they would fare. */
export function takeoverWithoutOverload(
  environment: Environment,
  load: Load,
  time: FailoverTime | undefined,
  budget: Budget | undefined,
): PromiseCheck[] {
  if (time === undefined) return [];
  const [, ...standby] = byPriority(environment.regions);
  return standby.map((region) => {
    const needs = { neededPods: load.pods, arrivalSeconds: time.ttlSeconds };
    const { overloadSeconds, rampSeconds } = takeover({
      ...needs,
      minReplicas: region.replicas,
      // Whether the maximum suffices is a promise of its own.
      maxReplicas: Math.max(load.pods, maxReplicasOf(environment, region)),
    });
    const holds = overloadSeconds === 0;
    const cost = budget === undefined ? '' : `, ${percent(overloadSeconds / budget.seconds)} of the budget`;
    return {
      id: 'takeover-without-overload',
      regions: [region.region],
      holds,
      figures: holds
        ? `${region.replicas} pods stand by, and the autoscaler keeps ahead of the ${load.pods} that the load needs`
        : `${region.replicas} pods stand by, of ${load.pods} that the load needs; the autoscaler is ${rampSeconds} s behind, as bad as ${rounded(overloadSeconds)} s without service${cost}`,
      ...(!holds && {
        change: `regions.${keyOf(environment, region)}.replicas: ${replicasForTakeover(needs)}`,
      }),
    };
  });
}

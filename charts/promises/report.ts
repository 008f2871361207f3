import { outageSeconds } from '../config/error-budget';
import type { Environment } from '../config/schema/environment';
import { merged, type PromiseCheck } from './check';
import { failoverTime, type FailoverTime } from './failover-time';
import {
  type Budget,
  failoverWithinBudget,
  strictestBudget,
  takeoverWithoutOverload,
} from './failover-checks';
import { type Load, loadOf } from './load';
import { limitsAdmitLoad, loadInOneRegion } from './load-checks';
import { zoneLoss } from './zone-checks';

/** What the deployment promises, what that costs and whether it can be kept. Written to `report.json` as it is. */
export interface PromiseReport {
  readonly environment: string;
  readonly objectives: readonly Objective[];
  readonly periodDays: number;
  readonly retentionDays: number;
  /** Undefined where nothing that is known here moves the clients. */
  readonly failover: FailoverTime | undefined;
  /** The objective whose budget a lost region burns first; undefined where no availability is promised. */
  readonly budget: Budget | undefined;
  /** Undefined where no load is promised. */
  readonly load: Load | undefined;
  /** Empty where no load is promised. */
  readonly checks: readonly PromiseCheck[];
}

interface Objective {
  readonly name: string;
  readonly target: number;
  /** Time of a total outage that uses the budget up. */
  readonly budgetSeconds: number;
}

export function promiseReport(environment: Environment): PromiseReport {
  const { slos, sloPeriod, retention } = environment.monitoring;
  const failover = failoverTime(environment.failover);
  const budget = strictestBudget(environment);
  const load = environment.promises && loadOf(environment.promises, environment.resources.cpu.limit);
  return {
    environment: environment.environment,
    objectives: slos.map((slo) => ({
      name: slo.name,
      target: slo.target,
      budgetSeconds: outageSeconds(slo, sloPeriod),
    })),
    periodDays: sloPeriod.toDays(),
    retentionDays: retention.toDays({ integral: false }),
    failover,
    budget,
    load,
    checks: checksOf(environment, load, failover, budget),
  };
}

function checksOf(
  environment: Environment,
  load: Load | undefined,
  time: FailoverTime | undefined,
  budget: Budget | undefined,
): PromiseCheck[] {
  const { promises } = environment;
  if (promises === undefined || load === undefined) return [];
  return merged([
    limitsAdmitLoad(environment, load),
    ...loadInOneRegion(environment, load),
    ...(budget === undefined ? [] : failoverWithinBudget(environment, budget, time)),
    ...takeoverWithoutOverload(environment, load, time, budget),
    ...zoneLoss(environment, promises, load),
  ]);
}

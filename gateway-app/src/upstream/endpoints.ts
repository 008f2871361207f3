import { labelValues, type HedgeResult, type RetryReason } from '../../contract/metrics';
import type { ModelTargets, Target } from '../core/targets';
import type { Registry } from '../telemetry/registry';
import type { Counter } from '../telemetry/series';
import type { Breaker } from './breaker';
import type { Breakers } from './breakers';
import type { Provider } from './provider';

/** A target, with what it takes to ask it. */
export interface Endpoint {
  readonly target: Target;
  readonly provider: Provider;
  readonly breaker: Breaker;
  /** Those that followed its failures. */
  readonly retries: ReadonlyMap<RetryReason, Counter>;
  /** Those that it was asked as. */
  readonly hedges: ReadonlyMap<HedgeResult, Counter>;
}

export type Endpoints = ReadonlyMap<Target, Endpoint>;

/** @throws Error where a target names no provider, or has no breaker. */
export function endpointsOf(
  targets: ModelTargets,
  providers: ReadonlyMap<string, Provider>,
  breakers: Breakers,
  { families }: Registry,
): Endpoints {
  const counters = new Map(
    [...providers.keys()].map((provider) => [
      provider,
      {
        retries: new Map(
          labelValues.retryReason.map((reason) => [
            reason,
            families.upstreamRetries.series({ provider, reason }),
          ]),
        ),
        hedges: new Map(
          labelValues.hedgeResult.map((result) => [
            result,
            families.upstreamHedges.series({ provider, result }),
          ]),
        ),
      },
    ]),
  );
  return new Map(
    [...targets.values()].flat().map((target): [Target, Endpoint] => {
      const provider = providers.get(target.provider);
      const counted = counters.get(target.provider);
      if (provider === undefined || counted === undefined) throw new Error(`no provider ${target.provider}`);
      const breaker = breakers.of(target.provider, target.providerModel);
      return [target, { target, provider, breaker, ...counted }];
    }),
  );
}

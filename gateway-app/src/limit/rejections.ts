import { labelValues, type LimitName, type LimitScope } from '../../contract/metrics';
import { routeIds, type RouteId } from '../../contract/paths';
import type { Refusal } from '../stores/limit-store';
import type { Registry } from '../telemetry/registry';
import type { Counter } from '../telemetry/series';

/** Counts refusals. Every counter exists from the start. */
export class Rejections {
  readonly #counters = new Map<RouteId, Map<LimitScope, Map<LimitName, Counter>>>();

  constructor({ families }: Registry) {
    for (const route of routeIds) {
      const scopes = new Map<LimitScope, Map<LimitName, Counter>>();
      for (const scope of labelValues.limitScope) {
        const series = (limit: LimitName) => families.rateLimitRejections.series({ route, limit, scope });
        scopes.set(scope, new Map(labelValues.limit.map((limit) => [limit, series(limit)])));
      }
      this.#counters.set(route, scopes);
    }
  }

  count(route: RouteId, { scope, limit }: Refusal): void {
    this.#counters.get(route)?.get(scope)?.get(limit)?.increment();
  }
}

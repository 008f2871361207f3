import { routeIds, type RouteId } from '../../contract/paths';
import type { RequestContext } from '../core/request-context';
import type { Registry } from '../telemetry/registry';
import type { Gauge } from '../telemetry/series';

/** Counts the requests in progress when they are asked for, so that a request pays nothing for it. */
export function activeGauge(registry: Registry, active: Iterable<RequestContext>): void {
  const gauges = new Map<RouteId, { readonly streamed: Gauge; readonly whole: Gauge }>(
    routeIds.map((route) => [
      route,
      {
        streamed: registry.families.activeRequests.series({ route, stream: 'true' }),
        whole: registry.families.activeRequests.series({ route, stream: 'false' }),
      },
    ]),
  );
  registry.onCollect(() => {
    for (const { streamed, whole } of gauges.values()) {
      streamed.value = 0;
      whole.value = 0;
    }
    for (const { origin, stream } of active) {
      const gauge = gauges.get(origin.route)?.[stream ? 'streamed' : 'whole'];
      if (gauge !== undefined) gauge.value += 1;
    }
  });
}

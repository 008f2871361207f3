import { labelValues, type StreamOutcome } from '../../contract/metrics';
import { routeIds, type RouteId } from '../../contract/paths';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { CompletionStage } from '../core/stage';
import type { ModelTargets, Target } from '../core/targets';
import type { UpstreamRecord } from '../core/upstream-record';
import type { Registry } from '../telemetry/registry';
import type { Counter, Histogram } from '../telemetry/series';
import { RequestSeries, statusLabel } from './request-series';

interface ProviderSeries {
  readonly requests: ReadonlyMap<string, Counter>;
  readonly streams: ReadonlyMap<StreamOutcome, Counter>;
}

interface ModelSeries {
  readonly duration: Histogram;
  readonly firstToken: Histogram;
}

/**
 * Counts and times requests at their end. All series of a configuration are made when it is taken over, so a request only
 * looks them up, and no error is the first sign of its own counter.
 */
export function meter(registry: Registry, config: RuntimeConfig, targets: ModelTargets): CompletionStage {
  const requests = requestSeries(registry, config);
  const overhead = new Map(
    routeIds.map((route) => [route, registry.families.overheadDuration.series({ route })]),
  );
  const providers = new Map(config.providers.map(({ name }) => [name, providerSeries(registry, name)]));
  const models = new Map(
    [...targets.values()].flat().map((target) => [target, modelSeries(registry, target)]),
  );

  const countAttempt = ({ target, startedMs, endedMs, result }: UpstreamRecord): void => {
    const status = typeof result === 'number' ? statusLabel(result) : (result ?? 'aborted');
    providers.get(target.provider)?.requests.get(status)?.increment();
    if (endedMs !== undefined) models.get(target)?.duration.observe((endedMs - startedMs) / 1000);
  };

  const countStream = ({ target, startedMs, firstBytesMs }: UpstreamRecord, outcome: StreamOutcome): void => {
    providers.get(target.provider)?.streams.get(outcome)?.increment();
    if (firstBytesMs !== undefined) models.get(target)?.firstToken.observe((firstBytesMs - startedMs) / 1000);
  };

  return (context) => {
    const { origin, target, upstream, status, errorSource, durationMs, overheadMs } = context;
    // An answer from memory reached none.
    const provider = context.cached === 'hit' ? undefined : target?.provider;
    const series = requests.get(origin.route)?.get(provider ?? labelValues.noProvider);
    const label = status === undefined ? labelValues.clientGoneStatus : statusLabel(status);
    series?.counter(label, errorSource).increment();
    series?.duration.observe(durationMs / 1000);
    overhead.get(origin.route)?.observe(overheadMs / 1000);
    for (const attempt of context.attempts) countAttempt(attempt);
    if (upstream !== undefined && context.streamed) countStream(upstream, context.outcome);
  };
}

function requestSeries(
  registry: Registry,
  config: RuntimeConfig,
): ReadonlyMap<RouteId, ReadonlyMap<string, RequestSeries>> {
  const names = [labelValues.noProvider, ...config.providers.map(({ name }) => name)];
  return new Map(
    routeIds.map((route) => {
      const reachable = route === 'models' || route === 'other' ? [labelValues.noProvider] : names;
      return [route, new Map(reachable.map((name) => [name, new RequestSeries(registry, route, name)]))];
    }),
  );
}

function providerSeries({ families }: Registry, provider: string): ProviderSeries {
  const statuses = [
    ...labelValues.providerStatus,
    ...labelValues.statusClass,
    ...labelValues.upstreamFailure,
  ];
  return {
    requests: new Map(
      statuses.map((status) => [status, families.upstreamRequests.series({ provider, status })]),
    ),
    streams: new Map(
      labelValues.streamOutcome.map((outcome) => [outcome, families.streams.series({ provider, outcome })]),
    ),
  };
}

function modelSeries({ families }: Registry, { model, provider }: Target): ModelSeries {
  return {
    duration: families.upstreamDuration.series({ provider, model }),
    firstToken: families.upstreamTimeToFirstToken.series({ provider, model }),
  };
}

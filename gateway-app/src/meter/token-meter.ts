import type { labelValues } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { costNanoUsd, nanoUsdToUsd } from '../core/price';
import type { RequestContext } from '../core/request-context';
import type { CompletionStage } from '../core/stage';
import type { ModelTargets, Target } from '../core/targets';
import type { Usage } from '../core/usage';
import type { Registry } from '../telemetry/registry';
import type { Counter, Histogram } from '../telemetry/series';

interface ModelSeries {
  readonly input: Counter;
  readonly cachedInput: Counter;
  readonly output: Counter;
  readonly cost: Counter;
  readonly timePerToken: Histogram;
}

/** Counts tokens, what they cost, and how fast they came. */
export function tokenMeter(
  registry: Registry,
  config: RuntimeConfig,
  targets: ModelTargets,
): CompletionStage {
  const models = new Map(
    [...targets.values()].flat().map((target) => [target, modelSeries(registry, target)]),
  );
  const tenants = new Map(
    config.tenants.map(({ name }) => [name, registry.families.tenantCostUsd.series({ tenant: name })]),
  );
  return (context) => {
    for (const attempt of context.attempts) {
      const { usage, target } = attempt;
      const model = models.get(target);
      if (usage === undefined || model === undefined) continue;
      model.input.value += usage.inputTokens - usage.cachedInputTokens;
      model.cachedInput.value += usage.cachedInputTokens;
      model.output.value += usage.outputTokens;
      if (attempt === context.upstream) observeSpeed(model.timePerToken, context, usage);
      if (target.price === undefined) continue;
      const costUsd = nanoUsdToUsd(costNanoUsd(target.price, usage));
      model.cost.value += costUsd;
      const ofTenant = tenants.get(context.tenant?.name ?? '');
      if (ofTenant !== undefined) ofTenant.value += costUsd;
    }
  };
}

function observeSpeed(series: Histogram, context: RequestContext, { outputTokens }: Usage): void {
  const { upstream, streamed, outcome } = context;
  const { firstBytesMs, endedMs } = upstream ?? {};
  if (!streamed || outcome !== 'finished' || firstBytesMs === undefined || endedMs === undefined) return;
  // Of one token there is a first, and no next.
  if (outputTokens > 1) series.observe((endedMs - firstBytesMs) / 1000 / (outputTokens - 1));
}

function modelSeries({ families }: Registry, { provider, model }: Target): ModelSeries {
  const tokens = (tokenType: (typeof labelValues.tokenType)[number]): Counter =>
    families.tokens.series({ provider, model, token_type: tokenType });
  return {
    input: tokens('input'),
    cachedInput: tokens('cached_input'),
    output: tokens('output'),
    cost: families.costUsd.series({ provider, model }),
    timePerToken: families.upstreamTimePerOutputToken.series({ provider, model }),
  };
}

import type { labelValues } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { costNanoUsd, nanoUsdToUsd, pricesOf, type Price } from '../core/price';
import type { RequestContext } from '../core/request-context';
import type { CompletionStage } from '../core/stage';
import type { Usage } from '../core/usage';
import type { Registry } from '../telemetry/registry';
import type { Counter, Histogram } from '../telemetry/series';

interface ModelSeries {
  readonly input: Counter;
  readonly cachedInput: Counter;
  readonly output: Counter;
  readonly cost: Counter;
  readonly timePerToken: Histogram;
  readonly price: Price | undefined;
}

/** Counts tokens, what they cost, and how fast they came. */
export function tokenMeter(registry: Registry, config: RuntimeConfig): CompletionStage {
  const prices = pricesOf(config);
  const models = new Map(
    config.models.map(({ name, target }) => [
      name,
      modelSeries(registry, name, target.provider, prices.get(name)),
    ]),
  );
  const tenants = new Map(
    config.tenants.map(({ name }) => [name, registry.families.tenantCostUsd.series({ tenant: name })]),
  );
  return (context) => {
    const { usage, target, tenant } = context;
    const model = models.get(target?.model ?? '');
    if (usage === undefined || model === undefined) return;
    model.input.value += usage.inputTokens - usage.cachedInputTokens;
    model.cachedInput.value += usage.cachedInputTokens;
    model.output.value += usage.outputTokens;
    observeSpeed(model.timePerToken, context, usage);
    if (model.price === undefined) return;
    const costUsd = nanoUsdToUsd(costNanoUsd(model.price, usage));
    model.cost.value += costUsd;
    const ofTenant = tenants.get(tenant?.name ?? '');
    if (ofTenant !== undefined) ofTenant.value += costUsd;
  };
}

function observeSpeed(series: Histogram, context: RequestContext, { outputTokens }: Usage): void {
  const { upstream, streamed, outcome } = context;
  const { firstBytesMs, endedMs } = upstream ?? {};
  if (!streamed || outcome !== 'finished' || firstBytesMs === undefined || endedMs === undefined) return;
  // Of one token there is a first, and no next.
  if (outputTokens > 1) series.observe((endedMs - firstBytesMs) / 1000 / (outputTokens - 1));
}

function modelSeries(
  { families }: Registry,
  model: string,
  provider: string,
  price: Price | undefined,
): ModelSeries {
  const tokens = (tokenType: (typeof labelValues.tokenType)[number]): Counter =>
    families.tokens.series({ provider, model, token_type: tokenType });
  return {
    input: tokens('input'),
    cachedInput: tokens('cached_input'),
    output: tokens('output'),
    cost: families.costUsd.series({ provider, model }),
    timePerToken: families.upstreamTimePerOutputToken.series({ provider, model }),
    price,
  };
}

import type { ErrorCode } from '../../contract/error-codes';
import type { LimitName } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { GatewayError } from '../core/gateway-error';
import type { RequestContext } from '../core/request-context';
import type { RequestStage } from '../core/stage';
import type { Decision, LimitStore, Refusal } from '../stores/limit-store';
import type { Registry } from '../telemetry/registry';
import { defaultOutputTokens, estimateTokens } from './estimate';
import { costNanoUsd } from '../core/price';
import type { ModelTargets } from '../core/targets';
import { answerHeadersOf } from './rate-limit-headers';
import { Rejections } from './rejections';
import { LimitReservation } from './reservation';
import { scopesOf } from './scopes';

const codes: Readonly<Record<LimitName, ErrorCode>> = {
  requests: 'rate_limit_exceeded',
  tokens: 'token_limit_exceeded',
  streams: 'stream_limit_exceeded',
  budget: 'budget_exceeded',
};

/**
 * Takes from all limits of the request what it may use, or refuses it. What it really uses is known at its end, and settled
 * there.
 */
export function reserve(
  config: RuntimeConfig,
  targets: ModelTargets,
  store: LimitStore,
  registry: Registry,
): RequestStage {
  const scopes = scopesOf(config);
  const rejections = new Rejections(registry);
  /** What a provider is told where the client names no maximum. */
  const unbound = new Map(
    config.providers.flatMap((provider) =>
      provider.kind === 'anthropic' ? [[provider.name, provider.defaultMaxTokens] as const] : [],
    ),
  );

  const take = (context: RequestContext, decision: Decision): void => {
    const { grant, refusal } = decision;
    context.ownHeaders = answerHeadersOf(decision);
    if (refusal !== undefined) {
      rejections.count(context.origin.route, refusal);
      throw new GatewayError(codes[refusal.limit], { detail: detailOf(refusal) });
    }
    if (grant === undefined) return;
    context.reservation = new LimitReservation(store, grant);
  };

  return (context) => {
    const { tenant, body, origin } = context;
    if (tenant === undefined || body === undefined) return;
    const limits = scopes(tenant.name);
    if (limits.length === 0) return;
    const { model } = body;
    const candidates = typeof model === 'string' ? targets.get(model) : undefined;
    const unboundTokens = candidates?.map(({ provider }) => unbound.get(provider) ?? defaultOutputTokens);
    const { inputTokens, outputTokens } = estimateTokens(
      origin.route,
      body,
      context.promptTokens,
      unboundTokens && Math.max(...unboundTokens),
    );
    // Which of them will answer is not known yet: the dearest is reserved.
    let nanoUsd = 0;
    for (const { price } of candidates ?? []) {
      nanoUsd = Math.max(nanoUsd, costNanoUsd(price, { inputTokens, cachedInputTokens: 0, outputTokens }));
    }
    const decision = store.reserve({
      scopes: limits,
      tokens: inputTokens + outputTokens,
      nanoUsd,
      stream: context.stream,
    });
    if (!(decision instanceof Promise)) {
      take(context, decision);
      return;
    }
    return decision.then((decided) => {
      take(context, decided);
      // The client left meanwhile, and was completed without this reservation.
      if (context.isOver) settleNow(context);
    });
  };
}

function settleNow(context: RequestContext): void {
  context.reservation?.settle(0, 0);
  context.reservation = undefined;
}

function detailOf({ scope, waitMs }: Refusal): string {
  const whose =
    scope === 'client' ? 'It is the limit of this client.' : 'It is the limit of all clients together.';
  return waitMs === undefined ? whose : `${whose} Ask again in ${Math.ceil(waitMs / 1000)} s.`;
}

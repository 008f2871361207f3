import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Random } from '../core/random';
import type { ExchangeStage } from '../core/stage';
import type { Registry } from '../telemetry/registry';
import { Attempts, type AttemptsParts } from './attempts';
import type { Endpoints } from './endpoints';
import { TokenBudget } from './token-budget';

export interface UpstreamParts {
  readonly config: RuntimeConfig;
  readonly endpoints: Endpoints;
  readonly registry: Registry;
  /** Of all attempts at one request together. */
  readonly totalMs: number;
  readonly random?: Random;
}

/** Asks the targets that the route has put in order, until one answers. */
export function upstream({
  config,
  endpoints,
  registry,
  totalMs,
  random = Math.random,
}: UpstreamParts): ExchangeStage {
  const { retry, hedgeBudget } = config.routing;
  const parts: AttemptsParts = {
    endpoints,
    retry,
    retryBudget: new TokenBudget(retry.budget),
    retryBudgetExhausted: registry.families.retryBudgetExhausted.series({}),
    hedgeBudget: new TokenBudget(hedgeBudget),
    totalMs,
    random,
  };
  const hedgeAfterMs = new Map(config.models.map((model) => [model.name, model.hedgeAfterMs]));
  return (context) => {
    const { target, body, stream, request } = context;
    const operation = context.origin.route;
    if (target === undefined || body === undefined || operation === 'models' || operation === 'other') {
      throw new Error('the exchange was reached without a target');
    }
    const attempts = new Attempts(context, { operation, body, stream, headers: request.headers }, parts);
    context.body = undefined;
    attempts.begin(hedgeAfterMs.get(target.model));
  };
}

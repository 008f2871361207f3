import type { ExchangeStage } from '../core/stage';
import type { Timings } from '../core/timings';
import type { Translate } from '../core/provider-call';
import type { UpstreamClient } from '../core/upstream';
import { Exchange } from './exchange';

/** How to ask one provider. */
export interface Provider {
  readonly translate: Translate;
  readonly client: UpstreamClient;
  readonly deadlines: Timings['upstream'];
}

/** Asks the provider that the route has chosen. */
export function upstream(providers: ReadonlyMap<string, Provider>): ExchangeStage {
  return (context) => {
    const { target, body } = context;
    const operation = context.origin.route;
    const provider = providers.get(target?.provider ?? '');
    if (
      target === undefined ||
      body === undefined ||
      provider === undefined ||
      operation === 'models' ||
      operation === 'other'
    ) {
      throw new Error('the exchange was reached without a target');
    }
    const call = provider.translate({
      operation,
      body,
      model: target.providerModel,
      stream: context.stream,
      headers: context.request.headers,
    });
    const promptTokens = context.promptTokens;
    // The parsed body has done its work; a stream of minutes must not keep it alive.
    context.body = undefined;
    new Exchange(context, provider.client, call, promptTokens, provider.deadlines);
  };
}

import type { ExchangeStage } from '../core/stage';
import type { Timings } from '../core/timings';
import type { Translate, UpstreamClient } from '../core/upstream';
import { Exchange } from './exchange';

/** How to ask one provider. */
export interface Provider {
  readonly translate: Translate;
  readonly client: UpstreamClient;
}

/** Asks the provider that the route has chosen. */
export function upstream(
  providers: ReadonlyMap<string, Provider>,
  timings: Timings['upstream'],
): ExchangeStage {
  return (context) => {
    const { target, body } = context;
    const provider = providers.get(target?.provider ?? '');
    if (target === undefined || body === undefined || provider === undefined) {
      throw new Error('the exchange was reached without a target');
    }
    const request = provider.translate(body, target.providerModel, context.stream);
    // The parsed body has done its work; a stream of minutes must not keep it alive.
    context.body = undefined;
    new Exchange(context, provider.client, request, timings);
  };
}

import type { ProviderConfig, RuntimeConfig } from '../../contract/runtime-config';
import type { Translate } from '../core/provider-call';
import type { Timings } from '../core/timings';
import { anthropicTranslation } from '../providers/anthropic';
import { azureOpenAiTranslation } from '../providers/azure-openai';
import { echoTranslation } from '../providers/echo/client';
import { openAiTranslation } from '../providers/openai';
import type { UpstreamClients } from './clients';
import type { Provider } from './provider';

/**
 * How to ask each provider of a configuration.
 *
 * @param timings Of a provider that sets none of its own.
 * @param secret The value of a secret file as it is now.
 */
export function providersOf(
  config: RuntimeConfig,
  clients: UpstreamClients,
  timings: Timings['upstream'],
  secret: (file: string) => string,
): ReadonlyMap<string, Provider> {
  return new Map(
    config.providers.map((provider) => [
      provider.name,
      {
        client: clients.for(provider, secret),
        translate: translationFor(provider, secret),
        deadlines: deadlinesOf(provider, timings),
      },
    ]),
  );
}

function deadlinesOf(provider: ProviderConfig, timings: Timings['upstream']): Timings['upstream'] {
  if (provider.kind === 'echo' || provider.deadlines === undefined) return timings;
  const { connectMs, responseHeadersMs, firstTokenMs, idleMs, totalMs } = provider.deadlines;
  return {
    connectMs: connectMs ?? timings.connectMs,
    responseHeadersMs: responseHeadersMs ?? timings.responseHeadersMs,
    firstTokenMs: firstTokenMs ?? timings.firstTokenMs,
    idleMs: idleMs ?? timings.idleMs,
    totalMs: totalMs ?? timings.totalMs,
  };
}

function translationFor(provider: ProviderConfig, secret: (file: string) => string): Translate {
  if (provider.kind === 'echo') return echoTranslation;
  const { apiKeyFile } = provider;
  const apiKey = apiKeyFile === undefined ? () => undefined : () => secret(apiKeyFile);
  switch (provider.kind) {
    case 'openai':
      return openAiTranslation(provider, apiKey);
    case 'azure-openai':
      return azureOpenAiTranslation(provider, apiKey);
    case 'anthropic':
      return anthropicTranslation(provider, apiKey);
  }
}

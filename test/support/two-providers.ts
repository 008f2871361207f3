import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { startFakeProvider, type FakeProvider } from './fake-provider';
import { configFor, startGateway, type GatewayOptions, type RunningGateway } from './running-gateway';

type Changes = Omit<Partial<RuntimeConfigInput>, 'models'> & { readonly hedgeAfterMs?: number };

export interface TwoProviders {
  readonly first: FakeProvider;
  readonly second: FakeProvider;
  /** How many requests each has had. */
  asked(): [first: number, second: number];
  close(): Promise<void>;
}

export async function startTwoProviders(): Promise<TwoProviders> {
  const [first, second] = [await startFakeProvider(), await startFakeProvider()];
  return {
    first,
    second,
    asked: () => [first.received.length, second.received.length],
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
}

/** What a million tokens cost at each provider, in USD: apart enough that a bill tells who was paid. */
export const inputPrices = { first: 200_000, second: 1_000_000 };

const price = (name: 'first' | 'second') => ({
  inputUsdPerMillionTokens: inputPrices[name],
  outputUsdPerMillionTokens: 0,
});

/** Model `m` goes to the first provider and then to the second; `alone` to the first, and `backup` to the second only. */
export function routedConfig(
  { first, second }: TwoProviders,
  { hedgeAfterMs, ...changes }: Changes = {},
): RuntimeConfigInput {
  return configFor(first.baseUrl, {
    providers: [
      { name: 'first', kind: 'openai', baseUrl: first.baseUrl },
      { name: 'second', kind: 'openai', baseUrl: second.baseUrl },
    ],
    models: [
      {
        name: 'm',
        targets: [
          { provider: 'first', model: 'x', price: price('first') },
          { provider: 'second', model: 'y', price: price('second') },
        ],
        ...(hedgeAfterMs !== undefined && { hedgeAfterMs }),
      },
      { name: 'alone', targets: [{ provider: 'first', model: 'x', price: price('first') }] },
      { name: 'backup', targets: [{ provider: 'second', model: 'y', price: price('second') }] },
    ],
    ...changes,
  });
}

export function startRouted(
  providers: TwoProviders,
  changes: Changes = {},
  options: Omit<GatewayOptions, 'config'> = {},
): Promise<RunningGateway> {
  return startGateway({ config: routedConfig(providers, changes), ...options });
}

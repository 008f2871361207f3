import type { PriceConfig } from '../../contract/runtime-config';
import type { Usage } from './usage';

/** Price of one token in nano-USD; USD per million tokens is a thousand times that. */
export interface Price {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

const nanoUsdPerUsd = 1e9;
const tokensPerPrice = 1e6;

export function priceOf(configured: PriceConfig): Price {
  const { inputUsdPerMillionTokens, outputUsdPerMillionTokens, cachedInputUsdPerMillionTokens } = configured;
  const perToken = (usdPerMillionTokens: number): number =>
    (usdPerMillionTokens * nanoUsdPerUsd) / tokensPerPrice;
  return {
    input: perToken(inputUsdPerMillionTokens),
    cachedInput: perToken(cachedInputUsdPerMillionTokens ?? inputUsdPerMillionTokens),
    output: perToken(outputUsdPerMillionTokens),
  };
}

/** Cost in whole nano-USD, rounded up; 0 without a price. */
export function costNanoUsd(price: Price | undefined, usage: Omit<Usage, 'estimated'>): number {
  if (price === undefined) return 0;
  const { inputTokens, cachedInputTokens, outputTokens } = usage;
  const fresh = Math.max(0, inputTokens - cachedInputTokens);
  return Math.ceil(fresh * price.input + cachedInputTokens * price.cachedInput + outputTokens * price.output);
}

/** For metrics and records, which speak of USD. */
export function nanoUsdToUsd(nanoUsd: number): number {
  return nanoUsd / nanoUsdPerUsd;
}

/** For configurations, which speak of USD. */
export function usdToNanoUsd(usd: number): number {
  return Math.round(usd * nanoUsdPerUsd);
}

import { defaultOutputTokens, estimateTokens } from '../../gateway-app/src/limit/estimate';
import { costNanoUsd, priceOf } from '../../gateway-app/src/core/price';

const messages = [{ role: 'user', content: 'x'.repeat(396) }];

describe('The estimate before a request', () => {
  it('is a token for four bytes of the prompt, and the maximum that the request states', () => {
    expect(estimateTokens('chat_completions', { messages, max_tokens: 50 })).toEqual({
      inputTokens: 100,
      outputTokens: 50,
    });
  });

  it.each([
    ['Chinese', '\u6f22'.repeat(5_000), 3_750],
    ['Japanese', '\u3042'.repeat(5_000), 3_750],
    ['minified JSON', `{${'"a":1,'.repeat(2_000)}}`, 3_001],
    ['one word and then a text', `${'.'.repeat(4_096)}${' x'.repeat(2_000)}`, 2_024],
    ['a text that only begins like a file', `data:${' word'.repeat(1_000)}`, 1_252],
    ['a short word of base64', 'QUJD'.repeat(1_000), 1_000],
    ['an image as base64', 'QUJD'.repeat(5_000), 0],
    ['an image as a data URL', `data:image/png;base64,${'QUJD'.repeat(5_000)}`, 0],
  ])('counts %s by its bytes, and nothing that is encoded', (_, text, inputTokens) => {
    expect(estimateTokens('embeddings', { input: text }).inputTokens).toBe(inputTokens);
  });

  it.each([
    ['embeddings', { input: [1, 2, 3] }],
    ['embeddings', { input: [[1, 2], [3]] }],
    ['completions', { prompt: [50_000, 50_001, 50_002] }],
  ] as const)('of %s counts each token of %j', (route, body) => {
    expect(estimateTokens(route, body).inputTokens).toBe(3);
  });

  it('does not take other numbers for tokens', () => {
    const tools = [{ type: 'function', function: { name: '', parameters: { minimum: 1, maximum: 2 } } }];
    const without = [{ type: 'function', function: { name: '', parameters: {} } }];
    expect(estimateTokens('chat_completions', { tools })).toEqual(
      estimateTokens('chat_completions', { tools: without }),
    );
  });

  it.each([
    ['chat_completions', { max_completion_tokens: 7, max_tokens: 50 }, 7],
    ['chat_completions', { max_tokens: 50, n: 3 }, 150],
    ['completions', { prompt: ['a', 'b', 'c'], max_tokens: 50 }, 150],
    ['completions', { prompt: [[1, 2], [3]], max_tokens: 50, n: 2, best_of: 4 }, 400],
    ['completions', { prompt: [1, 2, 3], max_tokens: 50 }, 50],
    ['completions', { prompt: 'a', max_tokens: 50, n: 3, best_of: 2 }, 150],
    ['completions', { prompt: 'a', max_tokens: 1e308, best_of: 1e308 }, Number.MAX_SAFE_INTEGER],
    ['responses', { max_output_tokens: 9 }, 9],
    ['messages', { max_tokens: 11 }, 11],
    ['embeddings', {}, 0],
    ['chat_completions', {}, defaultOutputTokens],
    ['chat_completions', { n: 2 }, 2 * defaultOutputTokens],
    // What is no count is left to the provider to refuse; it must not make the estimate worthless.
    ['chat_completions', { max_tokens: -5 }, defaultOutputTokens],
    ['chat_completions', { max_tokens: '9', n: 'many' }, defaultOutputTokens],
    ['chat_completions', { max_tokens: null }, defaultOutputTokens],
  ] as const)('of %s with %j is %d tokens of output', (route, fields, outputTokens) => {
    expect(estimateTokens(route, { messages, ...fields }).outputTokens).toBe(outputTokens);
  });
});

describe('The cost', () => {
  const usage = { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 100 };

  it('is exact to the nano-USD', () => {
    const price = priceOf({
      inputUsdPerMillionTokens: 2.5,
      outputUsdPerMillionTokens: 10,
      cachedInputUsdPerMillionTokens: 1.25,
    });
    // 600 * 2.5 + 400 * 1.25 + 100 * 10 = 3000 millionths of a USD.
    expect(costNanoUsd(price, usage)).toBe(3_000_000);
  });

  it('counts cached tokens in full where they have no price of their own', () => {
    const price = priceOf({ inputUsdPerMillionTokens: 2, outputUsdPerMillionTokens: 0 });
    expect(costNanoUsd(price, usage)).toBe(2_000_000);
  });

  it('is rounded up, so that no request of a priced model is free', () => {
    const price = priceOf({ inputUsdPerMillionTokens: 0.000_1, outputUsdPerMillionTokens: 0 });
    expect(costNanoUsd(price, { inputTokens: 1, cachedInputTokens: 0, outputTokens: 0 })).toBe(1);
  });

  it('is nothing without a price', () => {
    expect(costNanoUsd(undefined, usage)).toBe(0);
  });
});

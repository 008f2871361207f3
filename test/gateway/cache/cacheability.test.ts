import type { RouteId } from '../../../gateway-app/contract/paths';
import { cacheabilityOf } from '../../../gateway-app/src/cache/cacheability';

const forGood = { maxAgeMs: Infinity };

it.each<[string, RouteId, object, object | undefined]>([
  ['a chat at temperature 0', 'chat_completions', { temperature: 0 }, forGood],
  ['a chat at another temperature', 'chat_completions', { temperature: 0.2 }, undefined],
  ['a chat at the default temperature', 'chat_completions', {}, undefined],
  ['a seed alone, which promises nothing', 'chat_completions', { seed: 7 }, undefined],
  ['a message at temperature 0', 'messages', { temperature: 0 }, forGood],
  ['an embedding', 'embeddings', {}, forGood],
  ['a chat that is stored at the provider', 'chat_completions', { temperature: 0, store: true }, undefined],
  ['a response, which is stored by default', 'responses', { temperature: 0 }, undefined],
  ['a response that is not stored', 'responses', { temperature: 0, store: false }, forGood],
  [
    'a response to an earlier one',
    'responses',
    { temperature: 0, store: false, previous_response_id: 'r' },
    undefined,
  ],
  [
    'a response that searches the web',
    'responses',
    { temperature: 0, store: false, tools: [{ type: 'web_search' }] },
    undefined,
  ],
  [
    'a response with functions of its own',
    'responses',
    { temperature: 0, store: false, tools: [{ type: 'function' }] },
    forGood,
  ],
  ['the list of models', 'models', { temperature: 0 }, undefined],
])('%s', (_case, route, body, expected) => {
  expect(cacheabilityOf(route, body as Record<string, unknown>, {})).toEqual(expected);
});

it.each([
  ['no-store', undefined],
  ['No-Store, max-age=5', undefined],
  ['no-cache', { maxAgeMs: 0 }],
  ['max-age=30', { maxAgeMs: 30_000 }],
  ['max-age="30"', { maxAgeMs: 30_000 }],
  ['max-age=0', { maxAgeMs: 0 }],
  ['max-age=garbage', { maxAgeMs: 0 }],
  ['max-age=-3', { maxAgeMs: 0 }],
  ['private, whatever=1', forGood],
])('respects Cache-Control: %s', (header, expected) => {
  expect(cacheabilityOf('embeddings', {}, { 'cache-control': header })).toEqual(expected);
});

it('lets a client opt in, but never for what has effects', () => {
  const sent = { 'x-gateway-cache': 'on' };
  expect(cacheabilityOf('chat_completions', { temperature: 1 }, sent)).toEqual(forGood);
  expect(cacheabilityOf('chat_completions', { store: true }, sent)).toBeUndefined();
  expect(cacheabilityOf('chat_completions', {}, { 'x-gateway-cache': 'off' })).toBeUndefined();
});

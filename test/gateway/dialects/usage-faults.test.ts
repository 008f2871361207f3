import { createHash } from 'node:crypto';
import { anthropicMessage, text } from '../../support/anthropic-messages';
import { answersJson, completion, startFakeProvider, type FakeProvider } from '../../support/fake-provider';
import { startGateway, type LogLine, type RunningGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: {
      version: 1,
      access: 'keys',
      tenants: [
        {
          name: 't',
          keys: [{ sha256: createHash('sha256').update('key').digest('hex') }],
          limits: { tokensPerMinute: 100_000 },
        },
      ],
      providers: [
        { name: 'openai', kind: 'openai', baseUrl: provider.baseUrl },
        { name: 'anthropic', kind: 'anthropic', baseUrl: new URL(provider.baseUrl).origin },
      ],
      models: [
        { name: 'm', targets: [{ provider: 'openai', model: 'm' }] },
        { name: 'claude', targets: [{ provider: 'anthropic', model: 'm' }] },
      ],
    },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

async function ask(id: string, model = 'm'): Promise<Response> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key', 'x-request-id': id },
    body: JSON.stringify({ model, max_tokens: 10, messages: [{ role: 'user', content: '12345678' }] }),
  });
  await response.text();
  await waitFor('the log line', () => gateway.requestLine(id) !== undefined);
  return response;
}

const line = (id: string): LogLine => gateway.requestLine(id)!;

describe('A count that a provider reports', () => {
  it.each([
    ['is beyond all measure', { prompt_tokens: 1e308, completion_tokens: 1e308 }],
    ['is more than any answer has', { prompt_tokens: 1_000_000_001, completion_tokens: 1_000_000_001 }],
    ['is negative', { prompt_tokens: -5, completion_tokens: -1 }],
    ['is a fraction', { prompt_tokens: 1.5, completion_tokens: 0.5 }],
    ['is a text', { prompt_tokens: '3', completion_tokens: '3' }],
    ['is null', { prompt_tokens: null, completion_tokens: null }],
    ['is missing', {}],
  ])('and %s is estimated, and the tenant is not locked out', async (_, usage) => {
    provider.behave(answersJson({ ...completion('Hello'), usage }));
    await ask('first');
    expect(line('first')).toMatchObject({ inputTokens: 3, outputTokens: 2, tokensEstimated: true });
    expect((await ask('second')).status).toBe(200);
  });

  it('is kept where only the other one is missing', async () => {
    provider.behave(answersJson({ ...completion('Hello'), usage: { prompt_tokens: 40 } }));
    await ask('first');
    expect(line('first')).toMatchObject({ inputTokens: 40, outputTokens: 2, tokensEstimated: true });
  });

  it('may be 0', async () => {
    const usage = { prompt_tokens: 0, completion_tokens: 0 };
    provider.behave(answersJson({ ...completion('Hello'), usage }));
    await ask('first');
    expect(line('first')).toMatchObject({ inputTokens: 0, outputTokens: 0, tokensEstimated: false });
  });

  it('of cached tokens is never more than the prompt', async () => {
    const details = { cached_tokens: 1_000 };
    const usage = { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: details };
    provider.behave(answersJson({ ...completion('Hello'), usage }));
    await ask('first');
    expect(line('first')).toMatchObject({ inputTokens: 5, cachedInputTokens: 5 });
  });

  it.each([
    ['output_tokens', { input_tokens: 40, output_tokens: -3 }, { inputTokens: 40, outputTokens: 2 }],
    ['input_tokens', { input_tokens: 1e308, output_tokens: 7 }, { inputTokens: 3, outputTokens: 7 }],
    [
      'cache_read_input_tokens',
      { input_tokens: 40, cache_read_input_tokens: 1e308, output_tokens: 7 },
      { inputTokens: 3, outputTokens: 7 },
    ],
  ])('as %s of Anthropic is held to the same', async (_, usage, expected) => {
    provider.behave(answersJson({ ...anthropicMessage([text('Hello')]), usage }));
    await ask('first', 'claude');
    expect(line('first')).toMatchObject({ ...expected, tokensEstimated: true });
    expect((await ask('second', 'claude')).status).toBe(200);
  });
});

import { anthropicMessage, text } from '../../support/anthropic-messages';
import { answersJson, completion, startFakeProvider, type FakeProvider } from '../../support/fake-provider';
import { startGateway, type RunningGateway } from '../../support/running-gateway';

const count = 150_000;
const part = { type: 'text', text: 'x' };
const parts = Array.from({ length: count }, () => part);

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: {
      version: 1,
      access: 'anonymous',
      providers: [
        { name: 'openai', kind: 'openai', baseUrl: provider.baseUrl },
        { name: 'anthropic', kind: 'anthropic', baseUrl: new URL(provider.baseUrl).origin },
      ],
      models: [
        { name: 'gpt', targets: [{ provider: 'openai', model: 'm' }] },
        { name: 'claude', targets: [{ provider: 'anthropic', model: 'm' }] },
      ],
    },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

async function send(path: string, body: object): Promise<number> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.text();
  return response.status;
}

/** Texts that reached the provider. */
const arrived = (): number => provider.received[0]!.body.split('"text":"x"').length - 1;

describe('A request of more parts than a call has room for arguments reaches the provider whole', () => {
  it.each([
    [
      'as two messages of one role',
      [
        { role: 'user', content: 'first' },
        { role: 'user', content: parts },
      ],
    ],
    [
      'as a system prompt',
      [
        { role: 'system', content: parts },
        { role: 'user', content: 'Hi' },
      ],
    ],
  ])('%s of a chat completion', async (_, messages) => {
    provider.behave(answersJson(anthropicMessage([text('Hello')])));
    expect(await send('/v1/chat/completions', { model: 'claude', messages })).toBe(200);
    expect(arrived()).toBe(count);
  });

  it('as the results of tools in a message', async () => {
    provider.behave(answersJson(completion('Hello')));
    const result = { type: 'tool_result', tool_use_id: 't', content: 'x' };
    const content = Array.from({ length: count }, () => result);
    const messages = [{ role: 'user', content }];
    expect(await send('/v1/messages', { model: 'gpt', max_tokens: 5, messages })).toBe(200);
    expect(provider.received[0]!.body.split('"tool_call_id":"t"').length - 1).toBe(count);
  });
});

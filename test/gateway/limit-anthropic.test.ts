import { createHash } from 'node:crypto';
import { startFakeAnthropic } from '../support/fake-anthropic';
import type { FakeProvider } from '../support/fake-provider';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';

const key = 'gw-of-the-tenant';
let anthropic: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  anthropic = await startFakeAnthropic();
  gateway = await startGateway({
    config: configFor(anthropic.baseUrl, {
      access: 'keys',
      providers: [{ name: 'up', kind: 'anthropic', baseUrl: anthropic.baseUrl, defaultMaxTokens: 3_000 }],
      tenants: [
        {
          name: 'team-a',
          keys: [{ sha256: createHash('sha256').update(key).digest('hex') }],
          limits: { tokensPerMinute: 5_000 },
        },
      ],
    }),
  });
});

afterEach(async () => {
  await gateway.close();
  await anthropic.close();
});

describe('A chat completion for Anthropic that names no maximum', () => {
  it('reserves what Anthropic is told in its place', async () => {
    const response = await postChat(gateway, {}, { headers: { authorization: `Bearer ${key}` } });
    expect(response.status).toBe(200);
    const remaining = Number(response.headers.get('x-ratelimit-remaining-tokens'));
    // 3,000 for the answer, and the few of the prompt.
    expect(remaining).toBeLessThan(2_000);
    expect(remaining).toBeGreaterThan(1_900);
  });
});

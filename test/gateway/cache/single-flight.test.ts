import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import {
  answersJson,
  beginStream,
  chunkEvent,
  completion,
  done,
  type FakeProvider,
  neverAnswers,
  startFakeProvider,
} from '../../support/fake-provider';
import { RawClient, rawChat } from '../../support/raw-client';
import { configFor, postChat, type RunningGateway, startGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';

const seed = 20261124;
const rawStream = rawChat(
  '{"model":"m","stream":true,"temperature":0,"messages":[{"role":"user","content":"Hi"}]}',
);

let provider: FakeProvider;
let gateway: RunningGateway;
/** The provider's answers, in the order of the requests that reached it. */
let answers: ServerResponse[];

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({ config: configFor(provider.baseUrl, { cache: {} }) });
  answers = [];
  provider.behave((response) => {
    beginStream(response);
    answers.push(response);
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const joined = (): Promise<number> =>
  gateway.metric('gateway_cache_requests_total', { cache: 'single_flight', result: 'hit' });

/** A client in the middle of the stream. */
async function streaming(): Promise<RawClient> {
  const client = await RawClient.connect(gateway.url);
  client.send(rawStream);
  return client;
}

async function joins(count: number): Promise<void> {
  await waitFor('the others to join', async () => (await joined()) === count);
}

/** The events that a raw client got so far. */
const eventsOf = ({ received }: RawClient): string[] => received.match(/data: .*(?=\r?\n)/g) ?? [];

describe('Those who ask the same at once', () => {
  it('share one exchange, and each gets all of it from the beginning', async () => {
    const first = await streaming();
    await waitFor('the provider', () => answers.length === 1);
    answers[0]!.write(chunkEvent('a'));
    await first.receives(/"a"/);
    const late = await streaming();
    await late.receives(/"a"/);
    answers[0]!.write(chunkEvent('b'));
    answers[0]!.end(done);
    for (const client of [first, late]) {
      await client.receives(/\[DONE\]/);
      expect(eventsOf(client)).toEqual([
        ...[chunkEvent('a'), chunkEvent('b')].map((e) => e.trim()),
        'data: [DONE]',
      ]);
      client.socket.destroy();
    }
    expect(late.received).toMatch(/x-gateway-cache: joined/i);
    expect(provider.received).toHaveLength(1);
  });

  it('share an answer that is no stream too, and an error alike', async () => {
    for (const [body, status] of [
      [completion('Hello'), 200],
      [{ error: { message: 'no', type: 'x' } }, 400],
    ] as const) {
      const held: ServerResponse[] = [];
      provider.behave((response) => held.push(response));
      const before = await joined();
      const asked = [1, 2, 3].map((n) =>
        postChat(gateway, { temperature: 0, max_tokens: status, n: n * 0 + 1 }),
      );
      await joins(before + 2);
      answersJson(body, status)(held[0]!, provider.received.at(-1)!);
      const responses = await Promise.all(asked);
      const texts = await Promise.all(responses.map((response) => response.text()));
      expect(responses.map((response) => response.status)).toEqual([status, status, status]);
      expect(new Set(texts).size).toBe(1);
      expect(new Set(responses.map(({ headers }) => headers.get('x-request-id'))).size).toBe(3);
      expect(held).toHaveLength(1);
    }
  });

  it('are billed once, and counted each', async () => {
    const clients = [await streaming(), await streaming()];
    await joins(1);
    answers[0]!.end(chunkEvent('a') + done);
    for (const client of clients) await client.receives(/\[DONE\]/);
    clients.forEach(({ socket }) => socket.destroy());
    await waitFor(
      'both',
      async () => (await gateway.metric('gateway_requests_total', { status: '200' })) === 2,
    );
    expect(await gateway.metric('gateway_upstream_requests_total', { provider: 'up' })).toBe(1);
    const lines = gateway.logLines.filter(({ msg }) => msg === 'request');
    expect(lines.map((line) => line['outputTokens']).filter((tokens) => tokens !== undefined)).toHaveLength(
      1,
    );
  });

  it('that are not deterministic share nothing', async () => {
    const asked = [postChat(gateway, { stream: true }), postChat(gateway, { stream: true })];
    await waitFor('both', () => answers.length === 2);
    for (const answer of answers) answer.end(done);
    for (const response of await Promise.all(asked)) await response.text();
  });
});

describe('One who leaves', () => {
  it('disturbs nobody, where it came late', async () => {
    const first = await streaming();
    await waitFor('the provider', () => answers.length === 1);
    const late = await streaming();
    await joins(1);
    late.socket.destroy();
    await waitFor(
      'it to be gone',
      async () => (await gateway.metric('gateway_requests_total', { error_source: 'client' })) === 1,
    );
    answers[0]!.end(chunkEvent('a') + done);
    await first.receives(/\[DONE\]/);
    first.socket.destroy();
  });

  it('does not take the others along, where it came first', async () => {
    const first = await streaming();
    await waitFor('the provider', () => answers.length === 1);
    answers[0]!.write(chunkEvent('a'));
    await first.receives(/"a"/);
    const late = await streaming();
    await joins(1);
    first.socket.destroy();
    await waitFor(
      'it to be gone',
      async () => (await gateway.metric('gateway_requests_total', { error_source: 'client' })) === 1,
    );
    answers[0]!.end(chunkEvent('b') + done);
    await late.receives(/\[DONE\]/);
    expect(eventsOf(late)).toHaveLength(3);
    late.socket.destroy();
    expect(provider.received).toHaveLength(1);
  });

  it('last ends the exchange, and pays for what was used', async () => {
    const clients = [await streaming(), await streaming()];
    await joins(1);
    answers[0]!.write(chunkEvent('a'.repeat(400)));
    for (const client of clients) await client.receives(/aaaa/);
    clients.forEach(({ socket }) => socket.destroy());
    await provider.closeOf(0);
    await waitFor(
      'both',
      async () => (await gateway.metric('gateway_requests_total', { error_source: 'client' })) === 2,
    );
    expect(await gateway.metric('gateway_tokens_total', { token_type: 'output' })).toBe(100);
    const next = await streaming();
    await waitFor('a new exchange', () => answers.length === 2);
    answers[1]!.end(done);
    await next.receives(/\[DONE\]/);
    next.socket.destroy();
  });
});

describe('When the provider fails', () => {
  it('in the middle, each is told, and nothing is kept', async () => {
    const clients = [await streaming(), await streaming()];
    await joins(1);
    answers[0]!.write(chunkEvent('a'));
    for (const client of clients) await client.receives(/"a"/);
    answers[0]!.socket!.destroy();
    for (const client of clients) {
      await client.receives(/stream_cut/);
      expect(client.received).not.toContain('[DONE]');
      client.socket.destroy();
    }
    await waitFor(
      'both',
      async () => (await gateway.metric('gateway_requests_total', { error_source: 'provider' })) === 2,
    );
  });

  it('and before it says anything, each gets the same error', async () => {
    provider.behave(neverAnswers);
    const asked = [postChat(gateway, { temperature: 0 }), postChat(gateway, { temperature: 0 })];
    await joins(1);
    await provider.close();
    const responses = await Promise.all(asked);
    expect(responses.map(({ status }) => status)).toEqual([502, 502]);
    for (const response of responses) await response.text();
    provider = await startFakeProvider();
  });
});

it('A client that does not read holds up nobody else, and is given up', async () => {
  const slow = await streaming();
  await waitFor('the provider', () => answers.length === 1);
  slow.socket.pause();
  const fast = await streaming();
  await joins(1);
  let bytes = 0;
  fast.socket.on('data', (text: string) => (bytes += text.length));
  const event = chunkEvent('x'.repeat(64 * 1024));
  const total = 24 * 1024 * 1024;
  for (let sent = 0; sent < total; sent += event.length) {
    if (!answers[0]!.write(event)) await new Promise((resolve) => answers[0]!.once('drain', resolve));
  }
  await waitFor('the fast one to have all', () => bytes >= total, 25_000);
  await waitFor(
    'the slow one to be given up',
    async () => (await gateway.metric('gateway_requests_total', { error_source: 'client' })) === 1,
  );
  answers[0]!.end(done);
  await waitFor('the end', () => fast.received.includes('[DONE]'));
  fast.socket.destroy();
  slow.socket.destroy();
}, 60_000);

it('Whoever comes and leaves whenever, those who stay get everything', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ joinsAt: fc.nat(4), leavesAt: fc.option(fc.nat(5), { nil: undefined }) }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer(),
      async (schedule, salt) => {
        const before = answers.length;
        const request = rawChat(
          `{"model":"m","stream":true,"temperature":0,"seed":${salt},"messages":[{"role":"user","content":"Hi"}]}`,
        );
        const anchor = await RawClient.connect(gateway.url);
        anchor.send(request);
        await waitFor('the provider', () => answers.length === before + 1);
        const answer = answers.at(-1)!;
        const clients = new Map<(typeof schedule)[number], RawClient>();
        for (let step = 0; step < 5; step += 1) {
          for (const plan of schedule) {
            if (plan.joinsAt === step) {
              const client = await RawClient.connect(gateway.url);
              client.send(request);
              clients.set(plan, client);
              await client.receives(/x-gateway-cache: joined/i);
            }
            if (plan.leavesAt === step) clients.get(plan)?.socket.destroy();
          }
          answer.write(chunkEvent(`step-${step}`));
          await anchor.receives(new RegExp(`step-${step}`));
        }
        answer.end(done);
        const staying = [...clients].filter(
          ([plan]) => plan.leavesAt === undefined || plan.leavesAt < plan.joinsAt,
        );
        for (const client of [anchor, ...staying.map(([, other]) => other)]) {
          await client.receives(/\[DONE\]/);
          expect(eventsOf(client)).toHaveLength(6);
        }
        for (const client of [anchor, ...clients.values()]) client.socket.destroy();
        expect(answers).toHaveLength(before + 1);
      },
    ),
    { seed, numRuns: 15 },
  );
}, 60_000);

import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import {
  answersJson,
  beginStream,
  chunkEvent,
  completion,
  done,
  startFakeProvider,
  type Behaviour,
  type FakeProvider,
} from '../../support/fake-provider';
import { configFor, postChat, startGateway, type RunningGateway } from '../../support/running-gateway';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

type Deadlines = Extract<RuntimeConfigInput['providers'][number], { kind: 'openai' }>['deadlines'];

const start = async (deadlines: Deadlines): Promise<void> => {
  const { baseUrl } = provider;
  gateway = await startGateway({
    config: configFor(baseUrl, {
      providers: [
        { name: 'strict', kind: 'openai', baseUrl, deadlines },
        { name: 'patient', kind: 'openai', baseUrl },
      ],
      models: [
        { name: 'm', targets: [{ provider: 'strict', model: 'x' }] },
        { name: 'patient', targets: [{ provider: 'patient', model: 'x' }] },
      ],
    }),
  });
};

/** A comment, as Anthropic's pings: the connection lives, and the model has said nothing. */
const ping = ': ping\n\n';

const pings =
  (behind: string): Behaviour =>
  (response) => {
    beginStream(response);
    response.write(behind);
    const timer = setInterval(() => response.write(ping), 20);
    response.once('close', () => {
      clearInterval(timer);
    });
  };

describe('A provider with deadlines of its own', () => {
  it('is given up where its headers take longer, and another provider of the same address is not', async () => {
    await start({ connectMs: 50, responseHeadersMs: 50 });
    const answers: (() => void)[] = [];
    provider.behave((response, request) => {
      answers.push(() => {
        answersJson(completion('Late'))(response, request);
      });
    });
    const patient = postChat(gateway, { model: 'patient' });
    await provider.request(0);
    expect((await postChat(gateway)).status).toBe(504);
    answers[0]!();
    expect((await patient).status).toBe(200);
  });

  it('is given up where its stream pings and never brings a token', async () => {
    await start({ connectMs: 100, responseHeadersMs: 100, firstTokenMs: 200 });
    provider.behave(pings(ping));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toContain('"code":"provider_timeout"');
    await provider.closeOf(0);
  });

  it('is not given up for the first token once that has come', async () => {
    await start({ connectMs: 100, responseHeadersMs: 100, firstTokenMs: 150 });
    provider.behave((response, request) => {
      pings(chunkEvent('a'))(response, request);
      setTimeout(() => response.end(done), 400);
    });
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toContain('[DONE]');
    expect(text).not.toContain('provider_timeout');
  });

  it('is given up where the whole takes longer', async () => {
    await start({ connectMs: 100, responseHeadersMs: 100, firstTokenMs: 100, idleMs: 100, totalMs: 200 });
    provider.behave(pings(chunkEvent('a')));
    const text = await (await postChat(gateway, { stream: true })).text();
    expect(text).toContain('"code":"provider_timeout"');
  });
});

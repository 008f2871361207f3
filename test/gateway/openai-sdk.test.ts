import { createHash } from 'node:crypto';
import OpenAI from 'openai';
import {
  answersJson,
  chunkEvent,
  done,
  neverAnswers,
  startFakeProvider,
  streams,
  streamsThenBreaks,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { jsonOf } from '../support/json';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

let provider: FakeProvider;
let gateway: RunningGateway;
let client: OpenAI;

const ask = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
const clientWith = (apiKey: string): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    mode: 'production',
    config: configFor(provider.baseUrl, {
      access: 'keys',
      models: [
        { name: 'm', targets: [{ provider: 'up', model: 'provider-model' }] },
        { name: 'other', targets: [{ provider: 'up', model: 'other' }] },
      ],
      tenants: [
        { name: 'full', keys: [{ sha256: sha256('full-key') }, { sha256: sha256('next-key') }] },
        { name: 'narrow', keys: [{ sha256: sha256('narrow-key') }], models: ['other'] },
      ],
    }),
  });
  client = clientWith('full-key');
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

describe('The official SDK', () => {
  it('receives a completion', async () => {
    const answer = await client.chat.completions.create(ask);
    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(gateway.requestLine(answer._request_id!)).toMatchObject({ tenant: 'full' });
  });

  it('receives a streamed completion', async () => {
    provider.behave(streams(chunkEvent('Hel'), chunkEvent('lo'), done));
    let content = '';
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      content += chunk.choices[0]?.delta.content ?? '';
    }
    expect(content).toBe('Hello');
  });

  it('aborts a stream, and with it the request at the provider', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    await stream[Symbol.asyncIterator]().next();
    stream.controller.abort();
    await provider.closeOf(0);
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    expect(gateway.requestLine()).toMatchObject({ outcome: 'client_gone' });
  });

  it('aborts a request that waits for its answer', async () => {
    provider.behave(neverAnswers);
    const abort = new AbortController();
    const answer = client.chat.completions.create(ask, { signal: abort.signal });
    const request = await provider.request(0);
    abort.abort();
    await expect(answer).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await request.closed;
  });

  it('gives up after its own timeout, and so does the gateway', async () => {
    provider.behave(neverAnswers);
    const answer = client.chat.completions.create(ask, { timeout: 200 });
    await expect(answer).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    await provider.closeOf(0);
  });

  it('throws in the middle of a stream that was cut, and never takes it for complete', async () => {
    provider.behave(streamsThenBreaks(chunkEvent('Hel')));
    const received: string[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
        received.push(chunk.choices[0]?.delta.content ?? '');
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'stream_cut' });
    expect(received).toEqual(['Hel']);
  });

  it('lists the models that its tenant may use', async () => {
    const names = async (key: string): Promise<string[]> =>
      (await clientWith(key).models.list()).data.map((model) => model.id);
    expect(await names('full-key')).toEqual(['m', 'other']);
    expect(await names('narrow-key')).toEqual(['other']);
    expect(await names('next-key')).toEqual(['m', 'other']);
  });
});

describe('The SDK throws', () => {
  const invalid = { ...ask, messages: [] };
  const cases: [string, new (...args: never[]) => Error, string | null, () => Promise<unknown>][] = [
    [
      'BadRequestError',
      OpenAI.BadRequestError,
      'invalid_request',
      () => client.chat.completions.create(invalid),
    ],
    [
      'AuthenticationError',
      OpenAI.AuthenticationError,
      'invalid_api_key',
      () => clientWith('wrong').models.list(),
    ],
    [
      'PermissionDeniedError',
      OpenAI.PermissionDeniedError,
      'model_not_allowed',
      () => clientWith('narrow-key').chat.completions.create(ask),
    ],
    [
      'NotFoundError',
      OpenAI.NotFoundError,
      'model_not_found',
      () => client.chat.completions.create({ ...ask, model: 'unknown' }),
    ],
    ['ConflictError', OpenAI.ConflictError, 'theirs', () => fromProvider(409)],
    ['UnprocessableEntityError', OpenAI.UnprocessableEntityError, 'theirs', () => fromProvider(422)],
    ['RateLimitError', OpenAI.RateLimitError, 'theirs', () => fromProvider(429)],
    [
      'InternalServerError',
      OpenAI.InternalServerError,
      'provider_credentials_rejected',
      () => fromProvider(401),
    ],
  ];

  const fromProvider = (status: number): Promise<unknown> => {
    provider.behave(answersJson({ error: { message: 'no', code: 'theirs' } }, status));
    return client.chat.completions.create(ask);
  };

  it.each(cases)('%s', async (_name, errorClass, code, act) => {
    const error = await act().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ code, requestID: expect.any(String) });
  });

  it('APIConnectionError where nobody listens', async () => {
    const nowhere = new OpenAI({ baseURL: 'http://127.0.0.1:1/v1', apiKey: 'x', maxRetries: 0 });
    await expect(nowhere.models.list()).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  });
});

describe('A key', () => {
  const status = async (authorization?: string): Promise<[number, string | undefined]> => {
    const response = await fetch(`${gateway.url}/v1/models`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    return [response.status, (await jsonOf(response)).error?.code];
  };

  it.each([
    [undefined, 401, 'missing_api_key'],
    ['full-key', 401, 'missing_api_key'],
    ['Basic ZnVsbC1rZXk6', 401, 'missing_api_key'],
    ['Bearer ', 401, 'missing_api_key'],
    ['Bearer full-key2', 401, 'invalid_api_key'],
    [`Bearer ${sha256('full-key')}`, 401, 'invalid_api_key'],
    ['bearer full-key', 200, undefined],
  ])('sent as %s is answered %i', async (authorization, expected, code) => {
    expect(await status(authorization)).toEqual([expected, code]);
    expect(await status(authorization)).toEqual([expected, code]);
  });

  it('is judged before the body is read', async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: 'no json' });
    expect(response.status).toBe(401);
  });

  it('appears in no log line and no metric', async () => {
    await status('Bearer full-key');
    await status('Bearer a-wrong-key');
    await client.chat.completions.create(ask, { headers: { 'x-request-id': 'k-1' } });
    const seen = JSON.stringify(gateway.logLines) + (await gateway.metrics());
    for (const secret of ['full-key', 'a-wrong-key', sha256('full-key')]) expect(seen).not.toContain(secret);
  });
});

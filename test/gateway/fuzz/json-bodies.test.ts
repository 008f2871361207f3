import fc from 'fast-check';
import { apiRoutes, type ApiRoute } from '../../../gateway-app/contract/paths';
import {
  answersJson,
  chunkEvent,
  completion,
  done,
  startFakeProvider,
  streams,
  type FakeProvider,
} from '../../support/fake-provider';
import { configFor, startGateway, type RunningGateway } from '../../support/running-gateway';
import { isDialectError } from './answers';

const seed = 20_260_404;

let provider: FakeProvider;
let gateway: RunningGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  provider.behave((response, request) => {
    const { stream } = JSON.parse(request.body) as { stream?: unknown };
    (stream === true ? streams(chunkEvent('a'), done) : answersJson(completion('a')))(response, request);
  });
  const price = { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 1 };
  gateway = await startGateway({
    config: configFor(provider.baseUrl, {
      models: [{ name: 'm', targets: [{ provider: 'up', model: 'provider-model', price }] }],
      // So that the estimate and the key of the cache read each body, too.
      limits: { global: { tokensPerMinute: 1_000_000_000, dailyBudgetUsd: 1_000_000 } },
      cache: {},
    }),
  });
});

afterEach(() => {
  expect(gateway.logLines.filter(({ level }) => level === 'error')).toEqual([]);
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

const operations = apiRoutes.filter(({ method }) => method === 'POST');
const ask = async (path: string, body: string | Uint8Array): Promise<{ status: number; text: string }> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(gateway.url + path, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
};

/** Values where they hurt: beside those that a field takes, what JSON can say and JavaScript reads otherwise. */
const value = fc.oneof(
  fc.constantFrom('null', 'true', '0', '-0', '1', '128', '1e2', '1000000000', '-1', '0.5', '""', '[]', '{}'),
  fc.constantFrom(
    '1e308',
    '1e309',
    '-1e999',
    '9007199254740993',
    '"\\ud800"',
    '"\\u0000"',
    '"\\udc00\\ud800"',
  ),
  fc.constantFrom('NaN', 'Infinity', 'undefined', '0x1', '01', "'a'", '[1,]', '"\t"', '\ufeff', '//'),
  fc.constantFrom('{"__proto__":{"stream":true}}', '{"constructor":{"prototype":{}}}', '{"toString":1}'),
  fc.constantFrom(
    '[{"role":"user","content":"hi"}]',
    '[{"role":"user","content":[{"type":"text","text":"hi"}]}]',
    '[{"role":"__proto__","content":null}]',
    '[[[]]]',
    `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  ),
  fc.json({ maxDepth: 3 }),
);
const field = fc.constantFrom(
  ...['model', 'messages', 'stream', 'n', 'input', 'prompt', 'max_tokens', 'max_completion_tokens', 'system'],
  ...['stream_options', 'tools', 'tool_choice', 'temperature', 'seed', 'stop', 'stop_sequences', 'user'],
  ...[
    'metadata',
    'response_format',
    'max_output_tokens',
    'best_of',
    '__proto__',
    'constructor',
    'toString',
    '',
  ],
);
/** Fields that make the body whole, then any others, the same name twice included. */
const objects = (whole: string): fc.Arbitrary<string> =>
  fc.tuple(fc.boolean(), fc.array(fc.tuple(field, value), { maxLength: 5 })).map(([isWhole, fields]) => {
    const rest = fields.map(([name, text]) => `${JSON.stringify(name)}:${text}`);
    return `{${[...(isWhole ? [whole] : []), ...rest].join(',')}}`;
  });
/** What each operation needs; a field of another one is refused where the dialect is translated. */
const messages = '"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":5';
const wholeOf = ({ dialect }: ApiRoute): string =>
  dialect === 'anthropic' ? messages : `${messages},"input":"hi","prompt":"hi"`;
const bodies = (object: fc.Arbitrary<string>): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    { weight: 4, arbitrary: object },
    { weight: 1, arbitrary: fc.tuple(object, fc.nat()).map(([text, at]) => text.slice(0, at % text.length)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  );

/** Answered, or refused as no fault of ours, in the dialect that was asked. */
function isClientsFault(route: ApiRoute, { status, text }: { status: number; text: string }): boolean {
  return status < 400 || (status < 500 && isDialectError(text) && route.dialect === dialectIn(text));
}

function dialectIn(text: string): ApiRoute['dialect'] {
  return (JSON.parse(text) as { type?: string }).type === 'error' ? 'anthropic' : 'openai';
}

describe.each(operations)('A body for $path', (route) => {
  it('is answered, or refused as the fault of the client in the shape of the dialect', async () => {
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(bodies(objects(wholeOf(route))), async (body) => {
        const answer = await ask(route.path, body);
        statuses.add(answer.status);
        expect([answer, isClientsFault(route, answer)]).toEqual([answer, true]);
      }),
      { seed, numRuns: 400 },
    );
    // Else the bodies test one stage only.
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
  });
});

describe('Two members of one name', () => {
  it('are the last one, to the gateway and to the provider', async () => {
    const asked = provider.received.length;
    const messages = '[{"role":"user","content":"hidden"}]';
    const last = '[{"role":"user","content":"seen"}]';
    const body = `{"model":"none","messages":${messages},"model":"m","messages":${last}}`;
    expect((await ask('/v1/chat/completions', body)).status).toBe(200);
    const [request, ...others] = provider.received.slice(asked);
    expect(others).toEqual([]);
    expect(request?.body).toContain('seen');
    expect(request?.body).not.toContain('hidden');
    expect(request?.body.match(/"model"/g)).toHaveLength(1);
    const refused = '{"model":"m","messages":[{"role":"user","content":"x"}],"model":"none"}';
    expect((await ask('/v1/chat/completions', refused)).status).toBe(404);
  });
});

describe('A prototype in a body', () => {
  it('is a member like any other, and changes nothing', async () => {
    const body =
      '{"model":"m","messages":[{"role":"user","content":"p"}],"__proto__":{"stream":true,"polluted":1}}';
    const answer = await ask('/v1/chat/completions', body);
    expect(JSON.parse(answer.text)).toMatchObject({ object: 'chat.completion' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

import fc from 'fast-check';
import { Agent, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { TokenGateway } from '../support/token-gateway';
import { forgedToken, inSeconds, token } from '../support/token-issuer';

let running: TokenGateway;
let agent: Agent;

beforeAll(async () => {
  running = await TokenGateway.prepare();
  await running.start();
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
});

afterAll(async () => {
  agent.destroy();
  await running.close();
});

interface Answer {
  readonly status: number;
  readonly error: string | undefined;
  readonly body: unknown;
}

/** Asks each dialect: OpenAI's list of models, and Anthropic's messages. */
function ask(path: '/v1/models' | '/v1/messages', credential: string): Promise<Answer> {
  const isMessages = path === '/v1/messages';
  const headers = isMessages ? { 'x-api-key': credential } : { authorization: `Bearer ${credential}` };
  return new Promise((resolve, reject) => {
    const { url } = running.gateway;
    const request = send(
      `${url}${path}`,
      { agent, headers, method: isMessages ? 'POST' : 'GET' },
      (response) => {
        text(response).then((body) => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({
            status,
            error: answered['x-gateway-error']?.toString(),
            body: JSON.parse(body) as unknown,
          });
        }, reject);
      },
    );
    request.once('error', reject);
    request.end();
  });
}

const seeded = { seed: 20_261_124, numRuns: 150 };
const base64url = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const printable = fc
  .array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 1, maxLength: 200 })
  .map((codes) => String.fromCharCode(...codes));

const header = fc.record(
  {
    alg: fc.oneof(fc.constantFrom('none', 'HS256', 'ES256', 'RS256', 'ES256K', '__proto__'), fc.jsonValue()),
    kid: fc.oneof(fc.string(), fc.jsonValue()),
    typ: fc.jsonValue(),
    crit: fc.oneof(fc.constant(['b64']), fc.jsonValue()),
    b64: fc.boolean(),
    jwk: fc.jsonValue(),
    jku: fc.webUrl(),
    zip: fc.constant('DEF'),
  },
  { requiredKeys: [] },
);
const claim = fc.oneof(fc.jsonValue(), fc.constantFrom('alice', 'group-a', 1e400, -1));
const claims = fc.dictionary(
  fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'sub', '__proto__', 'x'),
  claim,
);

async function expectRefused(credential: string): Promise<void> {
  for (const path of ['/v1/models', '/v1/messages'] as const) {
    const { status, error, body } = await ask(path, credential);
    expect({ status, error }).toEqual({ status: 401, error: 'invalid_token; source=client' });
    if (path === '/v1/models') expect(body).toMatchObject({ error: { code: 'invalid_token', param: null } });
    else expect(body).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  }
}

describe('Whatever is sent as a token is answered 401 in the shape of the dialect', () => {
  it('though it be any printable bytes', async () => {
    await fc.assert(fc.asyncProperty(printable, expectRefused), seeded);
  });

  it('though its parts be any bytes in base64url', async () => {
    const parts = fc.array(base64url, { minLength: 1, maxLength: 6 }).map((all) => all.join('.'));
    await fc.assert(
      fc.asyncProperty(
        parts.filter((credential) => credential !== ''),
        expectRefused,
      ),
      seeded,
    );
  });

  it('though header and claims be any JSON, and the issuer the right one', async () => {
    await fc.assert(
      fc.asyncProperty(header, claims, base64url, async (head, payload, signature) => {
        await expectRefused(forgedToken(head, { ...payload, iss: running.issuer.url }, signature));
      }),
      seeded,
    );
  });

  it('though the signature be right, where any one claim is not', async () => {
    const wrong: Record<string, fc.Arbitrary<unknown>> = {
      iss: fc.jsonValue(),
      aud: fc.jsonValue(),
      exp: fc.oneof(
        fc.integer({ min: -1e9, max: inSeconds(-60) }),
        fc.string(),
        fc.constantFrom(null, true, undefined),
      ),
      nbf: fc.oneof(fc.integer({ min: inSeconds(3_600) }), fc.string(), fc.constantFrom(null, true)),
      sub: fc.jsonValue(),
    };
    const change = fc
      .constantFrom(...Object.keys(wrong))
      .chain((name) => wrong[name]!.map((value) => ({ [name]: value })));
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        await expectRefused(token(running.issuer.key, running.issuer.claims(changes)));
      }),
      seeded,
    );
  });

  it('though it be a right one with any one character changed', async () => {
    const right = running.issuer.token();
    // The last character of the signature holds bits that mean nothing.
    const place = fc.nat({ max: right.length - 2 });
    const other = fc.constantFrom('A', 'B', 'z', '0', '9', '-', '_');
    await fc.assert(
      fc.asyncProperty(place, other, async (at, character) => {
        fc.pre(right[at] !== character);
        await expectRefused(right.slice(0, at) + character + right.slice(at + 1));
      }),
      seeded,
    );
  });

  it('and none of it was a fault of ours, or asked the issuer more than once', async () => {
    expect(await running.status(running.issuer.token())).toBe(200);
    expect(await running.gateway.metric('gateway_requests_total', { error_source: 'gateway' })).toBe(0);
    expect(running.gateway.logLines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(running.issuer.fetches).toBeLessThanOrEqual(2);
  });
});

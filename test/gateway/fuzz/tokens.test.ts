import fc from 'fast-check';
import { TokenGateway } from '../../support/token-gateway';
import { inSeconds, token } from '../../support/token-issuer';
import { isDialectError } from './answers';

const seed = 20_260_403;

let running: TokenGateway;

beforeAll(async () => {
  running = await TokenGateway.prepare();
  await running.start();
});

afterAll(() => running.close());

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, [], 'x', 9e99, { __proto__: null }, 'a'.repeat(1_000)),
);
const headerFields = ['alg', 'kid', 'typ', 'crit', 'b64', 'zip', 'jwk', 'jku', 'x5c', 'x5u', 'epk', 'enc'];
const claimFields = ['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti'];
const algorithm = fc.constantFrom('ES256', 'none', 'HS256', 'RS256', 'EdDSA', 'es256', '');

/** Any text, any parts, and three parts of JSON. */
const garbage = fc.oneof(
  fc.stringMatching(/^[\x21-\x7e]{1,60}$/),
  fc
    .array(fc.stringMatching(/^[\w-]{0,30}$/), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('.')),
  fc.array(json, { minLength: 3, maxLength: 3 }).map((parts) => parts.map(encoded).join('.')),
  fc.json({ maxDepth: 2 }).map((text) => `${Buffer.from(text.slice(1)).toString('base64url')}.e30.AA`),
);
const forged = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...headerFields), json),
    algorithm,
    fc.dictionary(fc.constantFrom(...claimFields), json),
    fc.base64String({ maxLength: 100 }),
  )
  .map(
    ([header, alg, claims, end]) =>
      (issuer: string) =>
        [
          encoded({ ...header, alg }),
          encoded({ iss: issuer, aud: 'ai-gateway', sub: 'alice', exp: inSeconds(60), ...claims }),
          Buffer.from(end).toString('base64url'),
        ].join('.'),
  );

const ask = async (credential: string, path: string): Promise<{ status: number; body: string }> => {
  const response = await fetch(running.gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: '{"model":"m"}',
  });
  return { status: response.status, body: await response.text() };
};

async function isRefused(credential: string): Promise<void> {
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const { status, body } = await ask(credential, path);
    expect(status).toBe(401);
    expect(isDialectError(body)).toBe(true);
    expect(JSON.parse(body)).toMatchObject(path === '/v1/messages' ? { type: 'error' } : { error: {} });
  }
}

describe('A credential', () => {
  it('of any form is refused with 401, in the shape of the dialect', async () => {
    await fc.assert(fc.asyncProperty(garbage, isRefused), { seed, numRuns: 150 });
  });

  it('with the words of a token and any values is refused with 401', async () => {
    await fc.assert(
      fc.asyncProperty(forged, (make) => isRefused(make(running.issuer.url))),
      { seed, numRuns: 150 },
    );
  });

  it('that the issuer signed opens only as it was signed', async () => {
    const right = running.issuer.token();
    expect((await ask(right, '/v1/chat/completions')).status).toBe(400);
    // The last character of each part holds bits that the encoding leaves unused.
    const places = [...right.matchAll(/[^.](?=[^.])/g)].map(({ index }) => index);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_'),
        async (at, character) => {
          if (right[at] === character) return;
          await isRefused(right.slice(0, at) + character + right.slice(at + 1));
        },
      ),
      { seed, numRuns: 100 },
    );
  });

  it('that the issuer signed with any claims is refused, or is what its claims say', async () => {
    const claims = fc.dictionary(fc.constantFrom(...claimFields), json, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(claims, async (changes) => {
        const { status, body } = await ask(
          token(running.issuer.key, running.issuer.claims(changes)),
          '/v1/chat/completions',
        );
        expect([400, 401]).toContain(status);
        expect(isDialectError(body)).toBe(true);
      }),
      { seed, numRuns: 100 },
    );
  });

  it('that was refused left no error of ours behind', () => {
    expect(running.gateway.logLines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

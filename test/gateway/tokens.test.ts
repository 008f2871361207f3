import { createHash, createHmac } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { invalidToken, TokenGateway, type Method } from '../support/token-gateway';
import {
  forgedToken,
  inSeconds,
  signingKey,
  token,
  type SigningAlgorithm,
  type TokenIssuer,
} from '../support/token-issuer';
import { waitFor } from '../support/wait';

let running: TokenGateway;

beforeEach(async () => {
  running = await TokenGateway.prepare();
});

afterEach(() => running.close());

describe('A token', () => {
  it.each<SigningAlgorithm>(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    'signed by %s opens, and belongs to its tenant',
    async (algorithm) => {
      running.issuer.keys = [signingKey(algorithm)];
      await running.start(
        running.config(running.issuer.method({ algorithms: [algorithm] as Method['algorithms'] })),
      );
      expect(await running.status(running.issuer.token())).toBe(200);
      expect(running.gateway.requestLine()).toMatchObject({ tenant: 'team-a', identity: 'token' });
      const accepted = { method: 'token', result: 'accepted' };
      expect(await running.gateway.metric('gateway_authentications_total', accepted)).toBe(1);
    },
  );

  it('tells its tenant by one of the texts of a claim', async () => {
    await running.start(running.config(running.issuer.method({ tenantClaim: 'groups' })));
    expect(await running.status(running.issuer.token({ groups: ['everybody', 'group-b'] }))).toBe(200);
    expect(running.gateway.requestLine()).toMatchObject({ tenant: 'team-b' });
    expect(await running.status(running.issuer.token({ groups: 'group-a' }))).toBe(200);
    expect(running.gateway.requestLine()).toMatchObject({ tenant: 'team-a' });
    expect(await running.status(running.issuer.token({ groups: ['group-a', 'alice'] }))).toBe(200);
  });

  it.each<[string, (from: TokenIssuer) => string, RegExp]>([
    ['has expired', (from) => from.token({ exp: inSeconds(-31) }), /It has expired/],
    ['never expires', (from) => from.token({ exp: undefined }), /lacks the claim "exp"/],
    ['expires at no number', (from) => from.token({ exp: '9999999999' }), /"exp" is not/],
    ['is not valid yet', (from) => from.token({ nbf: inSeconds(90) }), /not valid yet/],
    ['is for another service', (from) => from.token({ aud: 'other' }), /"aud" is not/],
    ['is for nobody', (from) => from.token({ aud: undefined }), /lacks the claim "aud"/],
    ['is of another issuer', (from) => from.token({ iss: 'https://other.test' }), /issuer is not known/],
    ['names no issuer', (from) => from.token({ iss: undefined }), /issuer is not known/],
    ['belongs to nobody', (from) => from.token({ sub: 'mallory' }), /belongs to no tenant/],
    ['has no subject', (from) => from.token({ sub: undefined }), /belongs to no tenant/],
    ['has an object as its subject', (from) => from.token({ sub: { alice: 1 } }), /./],
    ['belongs to two', (from) => from.token({ sub: ['alice', 'group-b'] }), /several tenants|"sub"/],
    ['is unsigned', (from) => forgedToken({ alg: 'none' }, from.claims()), /algorithm is not taken/],
    [
      'is unsigned in capitals',
      (from) => forgedToken({ alg: 'NONE' }, from.claims()),
      /algorithm is not taken/,
    ],
    ['lost its signature', (from) => from.token().replace(/[^.]*$/, ''), /form or signature is wrong/],
    [
      'was changed',
      (from) => {
        const [head, , end] = from.token({ sub: 'bob' }).split('.');
        const [, claims] = from.token().split('.');
        return `${head!}.${claims!}.${end!}`;
      },
      /form or signature is wrong/,
    ],
    [
      "is signed by another's key under the same name",
      (from) => token({ ...signingKey(), kid: from.key.kid }, from.claims()),
      /form or signature is wrong/,
    ],
    [
      'is signed with the public key as if it were a shared one',
      (from) => {
        const [input] = [forgedToken({ alg: 'HS256', kid: from.key.kid }, from.claims()).slice(0, -1)];
        const secret = JSON.stringify(from.key.jwk);
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      },
      /algorithm is not taken/,
    ],
    ['names no algorithm', (from) => from.token({}, { alg: undefined }), /form or signature is wrong/],
    ['names one that is not taken', (from) => from.token({}, { alg: 'RS256' }), /algorithm is not taken/],
    ['demands what nobody knows', (from) => from.token({}, { crit: ['x'], x: 1 }), /form or signature/],
    [
      'brings its own key',
      (from) => {
        const own = signingKey();
        return token(own, from.claims(), { jwk: own.jwk });
      },
      /form or signature/,
    ],
    ['names a file as its key', (from) => from.token({}, { kid: '../../etc/passwd' }), /form or signature/],
  ])('that %s is refused', async (_what, make, message) => {
    await running.start();
    expect(await running.refusal(make(running.issuer))).toEqual(invalidToken(message));
    const refused = { method: 'token', result: 'refused' };
    expect(await running.gateway.metric('gateway_authentications_total', refused)).toBe(1);
    expect(running.provider.received).toEqual([]);
  });

  it('whose groups are of two tenants is refused, for the order of a list must not decide who pays', async () => {
    await running.start(running.config(running.issuer.method({ tenantClaim: 'groups' })));
    expect(await running.refusal(running.issuer.token({ groups: ['group-b', 'group-a'] }))).toEqual(
      invalidToken(/several tenants/),
    );
  });

  it('signed by a key that is too short is refused as any other, and no fault of ours', async () => {
    running.issuer.keys = [signingKey('RS256', 1024)];
    await running.start(running.config(running.issuer.method({ algorithms: ['RS256'] })));
    expect(await running.refusal(running.issuer.token())).toEqual(invalidToken(/form or signature/));
  });

  it.each(['a.b.c', '..', 'e30.e30.', 'eyJhbGciOiJFUzI1NiJ9.bnVsbA.AA', 'x'.repeat(8_000), 'a.b.c.d.e'])(
    'that is garbage (%.20s) is refused',
    async (garbage) => {
      await running.start();
      expect(await running.refusal(garbage)).toEqual(invalidToken(/./));
    },
  );

  it('may come late and early by the skew of clocks, and no more', async () => {
    await running.start(running.config(running.issuer.method({ clockSkewSeconds: 60 })));
    expect(await running.status(running.issuer.token({ exp: inSeconds(-50), nbf: inSeconds(50) }))).toBe(200);
    expect(await running.status(running.issuer.token({ exp: inSeconds(-61) }))).toBe(401);
    expect(await running.status(running.issuer.token({ nbf: inSeconds(65) }))).toBe(401);
  });

  it('that was right before ends with its time', async () => {
    await running.start(running.config(running.issuer.method({ clockSkewSeconds: 0 })));
    const short = running.issuer.token({ exp: inSeconds(2) });
    expect(await running.status(short)).toBe(200);
    expect(await running.status(short)).toBe(200);
    await waitFor('its end', async () => (await running.status(short)) === 401);
    expect(await running.refusal(short)).toEqual(invalidToken(/expired/));
  });

  it('is nowhere in log and audit; who it was is in the audit', async () => {
    await running.start();
    const sent = running.issuer.token();
    expect(await running.status(sent)).toBe(200);
    expect(await running.status(`${sent}x`)).toBe(401);
    const audit = await waitFor('the audit', () => {
      const text = running.gateway.auditText();
      return text.includes('"status":401') && text;
    });
    expect(audit).toContain('"tenant":"team-a","identity":"token","subject":"alice"');
    const written = audit + JSON.stringify(running.gateway.logLines);
    for (const part of sent.split('.')) expect(written).not.toContain(part);
  });

  it('is taken from the official SDKs, wherever they write it', async () => {
    await running.start(
      running.config(running.issuer.method(), {
        models: [{ name: 'm', targets: [{ provider: 'up', model: 'provider-model' }] }],
      }),
    );
    const sent = running.issuer.token();
    const openai = new OpenAI({ apiKey: sent, baseURL: `${running.gateway.url}/v1`, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    expect((await openai.chat.completions.create({ model: 'm', messages })).choices).toHaveLength(1);
    for (const credentials of [{ apiKey: sent }, { authToken: sent, apiKey: null }]) {
      const anthropic = new Anthropic({ ...credentials, baseURL: running.gateway.url, maxRetries: 0 });
      const answer = await anthropic.messages.create({ model: 'm', max_tokens: 9, messages });
      expect(answer.content).toMatchObject([{ type: 'text', text: 'Hello' }]);
    }
    const stranger = new Anthropic({
      authToken: 'a.b.c',
      apiKey: null,
      baseURL: running.gateway.url,
      maxRetries: 0,
    });
    await expect(stranger.messages.create({ model: 'm', max_tokens: 9, messages })).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
  });

  it('and a key are taken side by side', async () => {
    // Of "a.b.c": a key that looks like a token stays one.
    const sha256 = createHash('sha256').update('a.b.c').digest('hex');
    await running.start(
      running.config(running.issuer.method(), {
        access: [{ kind: 'keys' }, running.issuer.method()],
        tenants: [
          { name: 'team-a', tokens: [{ issuer: running.issuer.url, value: 'alice' }], keys: [{ sha256 }] },
        ],
      }),
    );
    expect(await running.status('a.b.c')).toBe(200);
    expect(running.gateway.requestLine()).toMatchObject({ tenant: 'team-a', identity: 'key' });
    expect(await running.status(running.issuer.token())).toBe(200);
    expect(await running.refusal('wrong')).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(await running.refusal('a.b.d')).toMatchObject({ status: 401, code: 'invalid_token' });
  });
});

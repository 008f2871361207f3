import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { Jwks } from '../../gateway-app/src/auth/tokens/jwks';
import { contractTimings } from '../../gateway-app/src/core/timings';
import { selfSigned } from '../support/certificate';
import { invalidToken, TokenGateway } from '../support/token-gateway';
import { forgedToken, signingKey, token, TokenIssuer } from '../support/token-issuer';
import { startGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let running: TokenGateway;

beforeEach(async () => {
  running = await TokenGateway.prepare();
});

afterEach(() => running.close());

describe('The keys of an issuer', () => {
  it('are fetched once, for any number of requests', async () => {
    await running.start();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, n) => running.status(running.issuer.token({ jti: String(n) }))),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(running.issuer.fetches).toBe(1);
    expect(await running.gateway.metric('gateway_jwks_refreshes_total', { result: 'success' })).toBe(1);
  });

  it('are fetched again for one that is new, and once only for many that never were', async () => {
    await running.start(running.config(), { jwksCooldownMs: 300 });
    expect(await running.status(running.issuer.token())).toBe(200);
    running.issuer.keys.unshift(signingKey());
    await sleep(300);
    expect(await running.status(running.issuer.token())).toBe(200);
    expect(running.issuer.fetches).toBe(2);
    await sleep(300);
    const strangers = Array.from({ length: 20 }, () => token(signingKey(), running.issuer.claims()));
    const statuses = await Promise.all(strangers.map((stranger) => running.status(stranger)));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(running.issuer.fetches).toBe(3);
  });

  it('take the tokens of one that is withdrawn with them, those too that were right before', async () => {
    await running.start(running.config(), { jwksCooldownMs: 0 });
    const old = running.issuer.token();
    expect(await running.status(old)).toBe(200);
    running.issuer.keys = [signingKey()];
    expect(await running.status(running.issuer.token())).toBe(200);
    expect(await running.refusal(old)).toEqual(invalidToken(/form or signature/));
  });

  it('stay in use while the issuer is away', async () => {
    await running.start(running.config(), { jwksRetryMs: 50, jwksCooldownMs: 0 });
    expect(await running.status(running.issuer.token())).toBe(200);
    running.issuer.behave = (response) => response.writeHead(500).end();
    expect(await running.status(token(signingKey(), running.issuer.claims()))).toBe(401);
    expect(await running.status(running.issuer.token({ jti: 'new' }))).toBe(200);
    await waitFor(
      'the outage to show',
      async () => (await running.gateway.metric('gateway_jwks_failing_seconds')) > 0,
    );
    expect(running.gateway.logLines).toContainEqual(
      expect.objectContaining({ level: 'warn', reason: expect.stringContaining('status 500') }),
    );
    running.issuer.behave = (response) => response.end(running.issuer.document());
    await waitFor(
      'its end',
      async () => (await running.gateway.metric('gateway_jwks_failing_seconds')) === 0,
    );
  });

  it.each<[string, (from: TokenIssuer) => void, RegExp]>([
    ['hangs', (from) => (from.behave = () => undefined), /No whole answer within 200 ms/],
    [
      'stops halfway',
      (from) => (from.behave = (response) => void response.write('{"keys":')),
      /No whole answer within 200 ms/,
    ],
    [
      'sends elsewhere',
      (from) => (from.behave = (response) => response.writeHead(302, { location: '/other' }).end()),
      /status 302/,
    ],
    ['speaks HTML', (from) => (from.behave = (response) => response.end('<html>')), /not JSON/],
    ['has no keys', (from) => (from.behave = (response) => response.end('{"keys":[]}')), /no public key/],
    [
      'has shared keys only',
      (from) => (from.behave = (response) => response.end('{"keys":[{"kty":"oct","k":"AA"}]}')),
      /no public key/,
    ],
    [
      'sends without end',
      (from) => (from.behave = (response) => response.end(`{"keys":["${'x'.repeat(300_000)}"]}`)),
      /exceeds/,
    ],
  ])('that %s are missed for a bounded time, and a request hears so', async (_what, behave, reason) => {
    behave(running.issuer);
    await running.start(running.config(), { jwksFetchMs: 200 });
    const first = await running.ask(running.issuer.token());
    expect(first.status).toBe(503);
    expect(first.headers.get('x-gateway-error')).toBe('identity_unavailable; source=gateway');
    expect(await running.refusal(running.issuer.token())).toMatchObject({
      status: 503,
      code: 'identity_unavailable',
    });
    // Nothing that is wrong by itself waits for them.
    expect(await running.status(forgedToken({ alg: 'none' }, running.issuer.claims()))).toBe(401);
    expect(running.issuer.fetches).toBe(1);
    expect(running.gateway.logLines).toContainEqual(
      expect.objectContaining({ level: 'warn', reason: expect.stringMatching(reason) }),
    );
    const unavailable = { method: 'token', result: 'unavailable' };
    expect(await running.gateway.metric('gateway_authentications_total', unavailable)).toBe(2);
  });

  it('outlive a change of the configuration, and a tenant that it removes does not', async () => {
    await running.start();
    const sent = running.issuer.token();
    expect(await running.status(sent)).toBe(200);
    const changed = running.config();
    changed.tenants = changed.tenants!.slice(1);
    writeFileSync(running.gateway.configFile, stringify(changed));
    await waitFor('the change', async () => (await running.status(sent)) === 401);
    expect(running.issuer.fetches).toBe(1);
    writeFileSync(running.gateway.configFile, stringify(running.config()));
    await waitFor('the change back', async () => (await running.status(sent)) === 200);
    expect(running.issuer.fetches).toBe(1);
  });

  it('by TLS come from whom the configured authority has signed, and from nobody else', async () => {
    const certificate = selfSigned(['127.0.0.1']);
    const secured = await TokenIssuer.start(certificate);
    const method = (caFile?: string) => secured.method({ jwks: caFile === undefined ? {} : { caFile } });
    await running.start(running.config(method()));
    const sent = secured.token();
    expect(await running.status(sent)).toBe(503);
    expect(running.gateway.logLines).toContainEqual(
      expect.objectContaining({ level: 'warn', reason: expect.stringMatching(/self.signed/i) }),
    );
    const trusting = await startGateway({
      config: running.config(method('issuer-ca')),
      secrets: { 'issuer-ca': certificate.cert },
    });
    const response = await fetch(`${trusting.url}/v1/models`, {
      headers: { authorization: `Bearer ${sent}` },
    });
    expect(response.status).toBe(200);
    await trusting.close();
    await secured.close();
  });
});

describe('An issuer that stays away', () => {
  it('is missed once its last keys are too old, for a token that was right before too', async () => {
    const observer = { onFetched: () => undefined, onFailed: () => undefined };
    const { url } = running.issuer;
    const timings = { ...contractTimings.identity, jwksRetryMs: 10 };
    const jwks = new Jwks(
      { config: { url, refreshSeconds: 0.01, keepSeconds: 0.3 }, ca: () => undefined },
      timings,
      observer,
    );
    await waitFor('the keys', () => jwks.usable !== undefined);
    const keys = jwks.usable;
    running.issuer.behave = (response) => response.writeHead(500).end();
    await waitFor('the outage', () => jwks.failingForMs > 0);
    expect(jwks.usable).toBe(keys);
    await waitFor('their end', () => jwks.usable === undefined);
    expect(jwks.failingForMs).toBeGreaterThan(200);
    running.issuer.behave = (response) => response.end(running.issuer.document());
    await waitFor('the issuer to be back', () => jwks.usable !== undefined);
    expect(jwks.failingForMs).toBe(0);
    jwks.stop();
  });
});

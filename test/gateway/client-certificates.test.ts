import { createHash, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, request as send } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import OpenAI from 'openai';
import { Agent as UndiciAgent, fetch as undiciFetch } from 'undici';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { alternativeNames } from '../../gateway-app/src/http/client-certificate';
import { Authority } from '../support/authority';
import { selfSigned, type Certificate } from '../support/certificate';
import { startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { describeWith } from '../support/programs';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly connection: string | undefined;
}

describeWith(['openssl'], 'A client certificate', () => {
  let authority: Authority;
  let server: Certificate;
  let provider: FakeProvider;
  let gateway: RunningGateway;
  const agents: Agent[] = [];

  beforeAll(async () => {
    authority = new Authority();
    server = authority.sign('/CN=gateway', 'IP:127.0.0.1');
    provider = await startFakeProvider();
  });

  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.destroy();
    await gateway.close();
  });

  afterAll(async () => {
    authority.remove();
    await provider.close();
  });

  const start = async (changes: Partial<RuntimeConfigInput> = {}): Promise<void> => {
    gateway = await startGateway({
      config: configFor(provider.baseUrl, {
        access: [{ kind: 'client-certificates' }],
        tls: { certFile: 'tls.crt', keyFile: 'tls.key', clientCaFile: 'clients-ca' },
        tenants: [
          {
            name: 'search',
            certificates: [
              { by: 'uri', value: 'spiffe://test/search' },
              { by: 'common-name', value: 'search' },
            ],
          },
          { name: 'chat', certificates: [{ by: 'dns-name', value: 'chat.test' }] },
        ],
        ...changes,
      }),
      secrets: { 'tls.crt': server.cert, 'tls.key': server.key, 'clients-ca': authority.cert },
    });
  };

  /** A client that keeps its connection; without a certificate where none is given. */
  const client = (certificate?: Certificate): Agent => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.cert, ...certificate });
    agents.push(agent);
    return agent;
  };
  const get = (agent: Agent, path = '/v1/models', headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = send(`${gateway.url}${path}`, { agent, headers }, (response) => {
        text(response).then((body) => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, body, connection: answered.connection });
        }, reject);
      });
      request.once('error', reject);
      request.end();
    });

  it.each([
    ['by a URI', '/CN=x', 'URI:spiffe://test/search', 'search'],
    ['by a DNS name', '/CN=x', 'DNS:chat.test,DNS:other.test', 'chat'],
    ['by its common name', '/CN=search', 'DNS:x.test', 'search'],
  ])('tells its tenant %s, on each request of the connection', async (_how, subject, names, tenant) => {
    await start();
    const certificate = authority.sign(subject, names);
    const agent = client(certificate);
    for (let nth = 0; nth < 3; nth += 1) expect((await get(agent)).status).toBe(200);
    const fingerprint = new X509Certificate(certificate.cert).fingerprint256
      .replaceAll(':', '')
      .toLowerCase();
    await waitFor('the log', () => gateway.requestLine());
    expect(gateway.requestLine()).toMatchObject({ tenant, identity: 'certificate' });
    const id = fingerprint.slice(0, 8);
    await waitFor('the audit', () =>
      gateway.auditText().includes(`"identity":"certificate","keyId":"${id}"`),
    );
    expect(await gateway.metric('gateway_open_connections')).toBe(1);
  });

  it('tells its tenant by its fingerprint', async () => {
    const certificate = authority.sign('/CN=x', 'DNS:x.test');
    const value = new X509Certificate(certificate.cert).fingerprint256.replaceAll(':', '').toLowerCase();
    await start({ tenants: [{ name: 'pinned', certificates: [{ by: 'fingerprint', value }] }] });
    expect((await get(client(certificate))).status).toBe(200);
    expect((await get(client(authority.sign('/CN=x', 'DNS:x.test')))).status).toBe(401);
  });

  it.each<[string, () => Certificate | undefined, RegExp]>([
    ['that is missing', () => undefined, /None was shown/],
    ['of nobody', () => authority.sign('/CN=nobody', 'DNS:nobody.test'), /belongs to no tenant/],
    ['of two tenants', () => authority.sign('/CN=search', 'DNS:chat.test'), /belongs to several tenants/],
    [
      'that has expired',
      () => authority.sign('/CN=search', 'DNS:x.test', -1),
      /not trusted here, or it has expired/,
    ],
    [
      'of another authority under the same name',
      () => {
        const other = new Authority();
        const certificate = other.sign('/CN=search', 'URI:spiffe://test/search');
        other.remove();
        return certificate;
      },
      /not trusted here/,
    ],
  ])('%s opens nothing, and health is answered all the same', async (_what, make, message) => {
    await start();
    const agent = client(make());
    const { status, body } = await get(agent);
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'invalid_client_certificate', message: expect.stringMatching(message) },
    });
    expect((await get(agent, '/health/ready')).status).toBe(200);
  });

  it('hides no wrong key, and is asked where none is sent', async () => {
    const sha256 = createHash('sha256').update('key').digest('hex');
    await start({
      access: [{ kind: 'keys' }, { kind: 'client-certificates' }],
      tenants: [
        { name: 'search', certificates: [{ by: 'common-name', value: 'search' }] },
        { name: 'other', keys: [{ sha256 }] },
      ],
    });
    const agent = client(authority.sign('/CN=search', 'DNS:x.test'));
    expect((await get(agent)).status).toBe(200);
    expect((await get(agent, '/v1/models', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get(agent, '/v1/models', { authorization: 'Bearer key' })).status).toBe(200);
    await waitFor('the log', () => gateway.requestLine()?.['identity'] === 'key');
    expect((await get(client(), '/v1/models', { authorization: 'Bearer key' })).status).toBe(200);
  });

  it('is asked for anew once the authorities change, without a broken connection', async () => {
    await start();
    const agent = client(authority.sign('/CN=search', 'DNS:x.test'));
    expect((await get(agent)).connection).toBe('keep-alive');
    const next = new Authority('Next Authority');
    writeFileSync(join(gateway.secretsDirectory, 'clients-ca'), next.cert);
    await waitFor('the change', () => gateway.logLines.some(({ msg }) => msg === 'certificate in use'));
    // One more answer on the old connection, which asks the client to leave; a session is not resumed.
    const last = await get(agent);
    expect(last).toMatchObject({ status: 200, connection: 'close' });
    expect((await get(agent)).status).toBe(401);
    expect((await get(client(next.sign('/CN=search', 'DNS:x.test')))).status).toBe(200);
    next.remove();
  });

  it('tells its tenant on a resumed session too', async () => {
    await start();
    const options = { ca: authority.cert, ...authority.sign('/CN=search', 'DNS:x.test') };
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 10, ...options });
    agents.push(agent);
    let resumed = 0;
    gateway.app.publicServer.on('secureConnection', (socket: { isSessionReused(): boolean }) => {
      if (socket.isSessionReused()) resumed += 1;
    });
    for (let nth = 0; nth < 3; nth += 1) expect((await get(agent)).status).toBe(200);
    expect(resumed).toBeGreaterThan(0);
  });

  it('works with the official SDK', async () => {
    await start();
    const dispatcher = new UndiciAgent({
      connect: { ca: authority.cert, ...authority.sign('/CN=search', 'DNS:x.test') },
    });
    const openai = new OpenAI({
      apiKey: 'unused',
      baseURL: `${gateway.url}/v1`,
      maxRetries: 0,
      fetch: undiciFetch as unknown as typeof fetch,
      fetchOptions: { dispatcher } as object,
    });
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    expect((await openai.chat.completions.create({ model: 'm', messages })).choices).toHaveLength(1);
    await dispatcher.close();
  });
});

describe('The alternative names of a certificate', () => {
  it.each([
    ['', []],
    ['DNS:a.test, URI:spiffe://a/b', ['DNS a.test', 'URI spiffe://a/b']],
    ['IP Address:127.0.0.1, DNS:a.test', ['IP Address 127.0.0.1', 'DNS a.test']],
    ['DNS:"a.test, URI:spiffe://evil", DNS:b.test', ['DNS a.test, URI:spiffe://evil', 'DNS b.test']],
    ['URI:"a\\"b, DNS:x"', ['URI a"b, DNS:x']],
  ])('in %j are read one by one', (given, expected) => {
    expect(alternativeNames(given).map(({ type, value }) => `${type} ${value}`)).toEqual(expected);
  });

  it('in a real certificate stay one where a comma makes one look like two', () => {
    const name = 'a.test, URI:spiffe://test/search';
    const { subjectAltName = '' } = new X509Certificate(selfSigned([name]).cert);
    expect(alternativeNames(subjectAltName)).toEqual([{ type: 'DNS', value: name }]);
  });
});

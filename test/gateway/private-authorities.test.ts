import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { selfSigned } from '../support/certificate';
import { startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { freePorts } from '../support/free-ports';
import { describeWith } from '../support/programs';
import { RedisServer } from '../support/redis-server';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

const certificate = selfSigned(['127.0.0.1']);
const other = selfSigned(['127.0.0.1']);

let gateway: RunningGateway;

afterEach(() => gateway.close());

describe('A provider that no public authority has signed', () => {
  let provider: FakeProvider;

  beforeEach(async () => {
    provider = await startFakeProvider(certificate);
  });

  afterEach(() => provider.close());

  const start = async (caFile?: string): Promise<void> => {
    const up = { name: 'up', kind: 'openai' as const, baseUrl: provider.baseUrl };
    gateway = await startGateway({
      config: configFor(provider.baseUrl, {
        providers: [{ ...up, ...(caFile !== undefined && { caFile }) }],
      }),
      secrets: { right: certificate.cert, wrong: other.cert },
    });
  };
  const status = async (): Promise<number> => {
    const response = await postChat(gateway);
    await response.text();
    return response.status;
  };

  it('is not reached, and the log says why', async () => {
    await start();
    expect(await status()).toBe(502);
    await waitFor('the log', () => gateway.requestLine());
    expect(gateway.requestLine()).toMatchObject({
      errorCode: 'provider_unreachable',
      cause: expect.stringMatching(/self.signed certificate/),
    });
    expect(provider.received).toEqual([]);
  });

  it('is reached where its authority is named, and no other is', async () => {
    await start('right');
    expect(await status()).toBe(200);
    await gateway.close();
    await start('wrong');
    expect(await status()).toBe(502);
  });

  it('is reached again once the file holds its authority, without a restart', async () => {
    await start('wrong');
    expect(await status()).toBe(502);
    writeFileSync(join(gateway.secretsDirectory, 'wrong'), `${other.cert}\n${certificate.cert}`);
    await waitFor('the authority', async () => (await status()) === 200);
  });

  it.each([
    ['no certificate', 'nonsense'],
    ['half a certificate', certificate.cert.slice(0, 200)],
    ['a broken one beside a good one', certificate.cert + other.cert.replace(/MII/, 'MIJ')],
    ['a private key', certificate.cert + certificate.key],
    ['nothing', ''],
  ])('keeps its authority where the file comes to hold %s', async (_what, content) => {
    await start('right');
    writeFileSync(join(gateway.secretsDirectory, 'right'), content);
    await waitFor('the refusal', () =>
      gateway.logLines.some(({ msg }) => String(msg).startsWith('secrets unusable')),
    );
    expect(await status()).toBe(200);
    expect(JSON.stringify(gateway.logLines)).not.toContain('PRIVATE KEY');
  });
});

describeWith(['redis-server'], 'A Redis by TLS', () => {
  let folder: string;
  let server: RedisServer;
  let tlsPort: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
    writeFileSync(join(folder, 'cert'), certificate.cert);
    writeFileSync(join(folder, 'key'), certificate.key);
    [tlsPort] = (await freePorts(1)) as [number];
    server = await RedisServer.start(
      ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--requirepass', 'password'],
      ...['--tls-cert-file', join(folder, 'cert'), '--tls-key-file', join(folder, 'key')],
    );
  });

  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  const start = async (trust: object): Promise<void> => {
    const store = { host: '127.0.0.1', port: tlsPort, passwordFile: 'password', maxReplicas: 2 };
    gateway = await startGateway({
      config: configFor('http://127.0.0.1:1/v1', {
        store: {
          kind: 'redis',
          tls: true,
          timeoutMs: 500,
          ...store,
          ...trust,
        } as RuntimeConfigInput['store'],
        limits: { global: { requestsPerSecond: 100 } },
      }),
      secrets: { password: 'password', right: certificate.cert, wrong: other.cert },
      timings: { store: { heartbeatMs: 50, retryMinMs: 20, retryMaxMs: 100 } },
    });
  };
  const isShared = async (): Promise<boolean> =>
    (await gateway.metric('gateway_store_fallback_active')) === 0 &&
    (await gateway.metric('gateway_store_replicas')) > 0;

  const refusal = (): boolean =>
    gateway.logLines.some(({ reason }) => /self.signed certificate/.test(String(reason)));

  it('decides where its authority is named', async () => {
    await start({ caFile: 'right' });
    await waitFor('Redis to decide', isShared);
  });

  it.each([
    ['none is named', {}],
    ['another one is', { caFile: 'wrong' }],
  ])('is not spoken to where %s, and gets no password', async (_what, trust) => {
    await start(trust);
    await waitFor('the refusal', refusal);
    expect(await isShared()).toBe(false);
  });

  it('is reached again once the file holds its authority', async () => {
    await start({ caFile: 'wrong' });
    await waitFor('the refusal', refusal);
    writeFileSync(join(gateway.secretsDirectory, 'wrong'), certificate.cert);
    await waitFor('Redis to decide', isShared);
  });
});

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { adminPaths } from '../../gateway-app/contract/admin';
import {
  adminRecords,
  administered,
  adminToken,
  askAdmin,
  clientKey,
  otherToken,
  startAdministered,
} from '../support/administered';
import { startFakeProvider, type FakeProvider } from '../support/fake-provider';
import type { RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startAdministered(provider.baseUrl);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
  await provider.close();
});

describe('Without an admin section in the configuration', () => {
  it('everything below /admin answers 404, and /metrics stays', async () => {
    const { admin: _, ...without } = administered(provider.baseUrl);
    writeFileSync(gateway.configFile, stringify(without));
    await waitFor(
      'the reload',
      async () => (await askAdmin(gateway, 'GET', adminPaths.config)).status === 404,
    );
    for (const path of [...Object.values(adminPaths), '/admin/', '/admin', '/admin/x']) {
      const { status, headers } = await askAdmin(gateway, 'GET', path);
      expect([path, status, headers['x-gateway-error']]).toEqual([path, 404, 'unknown_path; source=client']);
    }
    expect((await fetch(`${gateway.adminUrl}/metrics`)).status).toBe(200);
  });
});

describe('Who may use /admin', () => {
  it.each([
    ['no token', { authorization: '' }, 'missing_admin_token'],
    ['a token in another form', { authorization: `Basic ${adminToken}` }, 'missing_admin_token'],
    ['a wrong token', { authorization: `Bearer ${otherToken}` }, 'invalid_admin_token'],
    [
      'the beginning of the token',
      { authorization: `Bearer ${adminToken.slice(0, -1)}` },
      'invalid_admin_token',
    ],
    ['more than the token', { authorization: `Bearer ${adminToken}x` }, 'invalid_admin_token'],
    ['a client key', { authorization: `Bearer ${clientKey}` }, 'invalid_admin_token'],
  ])('is not decided in favour of %s', async (_, headers, code) => {
    for (const path of [...Object.values(adminPaths), '/admin/unknown']) {
      const answer = await askAdmin(gateway, 'GET', path, { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers['x-gateway-error']).toBe(`${code}; source=client`);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.body).toMatchObject({ error: { code } });
    }
  });

  it('is decided by the address first: from elsewhere the right token helps as little as a forged header', async () => {
    const answer = await askAdmin(gateway, 'GET', adminPaths.config, {
      localAddress: '127.0.0.2',
      headers: { 'x-forwarded-for': '127.0.0.1' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-gateway-error']).toBe('address_not_allowed; source=policy');
    const [record] = await adminRecords(gateway, 1);
    expect(record).toMatchObject({
      sourceIp: '127.0.0.2',
      peerIp: '127.0.0.2',
      errorCode: 'address_not_allowed',
    });
    expect(record).not.toHaveProperty('tokenId');
  });

  it('includes IPv4 peers of a listener for both families', async () => {
    const { adminServer } = gateway.app;
    await new Promise((resolve) => adminServer.close(resolve));
    adminServer.listen(0, '::');
    await once(adminServer, 'listening');
    const { port } = adminServer.address() as AddressInfo;
    for (const [host, status] of [
      ['127.0.0.1', 200],
      ['::1', 200],
    ] as const) {
      expect((await askAdmin(gateway, 'GET', adminPaths.config, { host, port })).status).toBe(status);
    }
    const elsewhere = { host: '127.0.0.1', port, localAddress: '127.0.0.2' };
    expect((await askAdmin(gateway, 'GET', adminPaths.config, elsewhere)).status).toBe(403);
  });

  it('is what the proxies in front saw, as many as are configured', async () => {
    const admin = { tokenFile: 'admin-token', allowlist: ['10.0.0.0/8'], trustedProxyHops: 1 };
    writeFileSync(gateway.configFile, stringify(administered(provider.baseUrl, { admin })));
    const from = async (forwardedFor: string): Promise<number> =>
      (await askAdmin(gateway, 'GET', adminPaths.config, { headers: { 'x-forwarded-for': forwardedFor } }))
        .status;
    await waitFor('the reload', async () => (await from('127.0.0.1')) === 403);
    expect(await from('10.1.2.3')).toBe(200);
    expect(await from('10.1.2.3, 203.0.113.9')).toBe(403);
    expect((await askAdmin(gateway, 'GET', adminPaths.config)).status).toBe(403);
    await waitFor('the record', () =>
      gateway.auditText().includes('"sourceIp":"203.0.113.9","peerIp":"127.0.0.1"'),
    );
  });

  it('follows the token file when it is rotated, without a restart', async () => {
    writeFileSync(join(gateway.secretsDirectory, 'admin-token'), otherToken);
    const withOther = { headers: { authorization: `Bearer ${otherToken}` } };
    await waitFor(
      'the new token',
      async () => (await askAdmin(gateway, 'GET', adminPaths.config, withOther)).status === 200,
    );
    expect((await askAdmin(gateway, 'GET', adminPaths.config)).status).toBe(401);
    const tokenId = createHash('sha256').update(otherToken).digest('hex').slice(0, 8);
    await waitFor('the record', () => gateway.auditText().includes(`"tokenId":"${tokenId}"`));
  });

  it('is not changed by a rotation to a token that is too short or gone', async () => {
    for (const spoil of [
      (file: string) => {
        writeFileSync(file, 'short');
      },
      (file: string) => {
        rmSync(file);
      },
    ]) {
      const before = gateway.logLines.length;
      spoil(join(gateway.secretsDirectory, 'admin-token'));
      await waitFor('the refusal', () =>
        gateway.logLines.slice(before).some(({ msg }) => String(msg).startsWith('secrets unusable')),
      );
      expect((await askAdmin(gateway, 'GET', adminPaths.config)).status).toBe(200);
    }
  });
});

describe('The admin section of the configuration', () => {
  it.each<[what: string, admin: object, message: RegExp]>([
    [
      'without a token file',
      { tokenFile: 'absent' },
      /admin\.tokenFile: found absent, which cannot be read \(ENOENT\)/,
    ],
    ['with a short token', { tokenFile: 'short' }, /must be one line of 32 to 8192/],
    [
      'whose token a provider would learn',
      { tokenFile: 'provider-key' },
      /credentials for provider "up" already, which would learn the admin token/,
    ],
    ['without a block', { allowlist: [] }, /admin\.allowlist: .* at least 1 entries long/],
    [
      'with an address that is no block',
      { allowlist: ['10.0.0.1'] },
      /admin\.allowlist\[0\].*write it like 10\.20\.0\.0\/16/,
    ],
    ['with bits behind the prefix', { allowlist: ['10.0.0.1/8'] }, /block whose address is its first/],
    ['with IPv4 within IPv6', { allowlist: ['::ffff:10.0.0.0/104'] }, /write the block as IPv4/],
    ['with a negative number of proxies', { trustedProxyHops: -1 }, /admin\.trustedProxyHops/],
  ])('%s is refused', async (_, changes, message) => {
    const admin = { tokenFile: 'admin-token', allowlist: ['127.0.0.1/32'], ...changes };
    const start = startAdministered(provider.baseUrl, { admin });
    await expect(start).rejects.toThrow(message);
  });
});

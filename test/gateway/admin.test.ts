import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { adminPaths } from '../../gateway-app/contract/admin';
import { AuditLog } from '../../gateway-app/src/audit/audit-log';
import {
  adminRecords,
  administered,
  adminToken,
  askAdmin,
  clientKey,
  clientKeyHash,
  otherToken,
  providerKey,
  startAdministered,
  type AdminAnswer,
} from '../support/administered';
import { faults, verifyBytes } from '../support/audit-lines';
import {
  answersJson,
  chunkEvent,
  completion,
  startFakeProvider,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { RawClient } from '../support/raw-client';
import { postChat, type RunningGateway } from '../support/running-gateway';
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

const setLevel = (body: string, contentType = 'application/json'): Promise<AdminAnswer> =>
  askAdmin(gateway, 'PUT', adminPaths.logLevel, { headers: { 'content-type': contentType } }, body);

describe('What an operator sees', () => {
  it('of the configuration holds no secret and no whole hash', async () => {
    const { status, body } = await askAdmin(gateway, 'GET', adminPaths.config);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: 1,
      access: 'keys',
      audit: { sink: { kind: 'stdout' }, onFailure: 'count' },
      admin: { tokenFile: 'admin-token', trustedProxyHops: 0 },
      providers: [{ name: 'up', apiKeyFile: 'provider-key', baseUrl: provider.baseUrl }],
      tenants: [{ name: 'team-a', keys: [{ sha256: `${clientKeyHash.slice(0, 8)}…` }] }],
    });
    for (const secret of [adminToken, providerKey, clientKeyHash])
      expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('is the configuration in use, also after a reload', async () => {
    writeFileSync(
      gateway.configFile,
      stringify(administered(provider.baseUrl, { limits: { maxBodyBytes: 2048 } })),
    );
    await waitFor('the reload', async () =>
      JSON.stringify((await askAdmin(gateway, 'GET', adminPaths.config)).body).includes(
        '"maxBodyBytes":2048',
      ),
    );
  });

  it('of the targets is where each model leads', async () => {
    expect((await askAdmin(gateway, 'GET', adminPaths.targets)).body).toMatchObject({
      targets: [
        {
          model: 'm',
          target: { provider: 'up', model: 'provider-model' },
          provider: { name: 'up', kind: 'openai', baseUrl: provider.baseUrl },
          breaker: { state: 'closed', attempts: 0, failures: 0 },
        },
      ],
    });
  });

  it('of the tenants is what each may use', async () => {
    expect((await askAdmin(gateway, 'GET', adminPaths.tenants)).body).toMatchObject({
      tenants: [{ name: 'team-a', models: ['m'], keys: [{ sha256: `${clientKeyHash.slice(0, 8)}…` }] }],
    });
  });

  it('of the tenants is what each has used of its limits, and all together', async () => {
    const target = { provider: 'up', model: 'x' };
    // The fake provider reports a token each way: a request costs one USD.
    const price = { inputUsdPerMillionTokens: 0, outputUsdPerMillionTokens: 1_000_000 };
    const limited = administered(provider.baseUrl, {
      models: [{ name: 'm', targets: [{ ...target, price }] }],
      tenants: [
        {
          name: 'team-a',
          keys: [{ sha256: clientKeyHash }],
          limits: { requestsPerSecond: 0.001, burst: 9, concurrentStreams: 4, dailyBudgetUsd: 1000 },
        },
        { name: 'team-b', keys: [{ sha256: 'b'.repeat(64) }] },
      ],
      limits: { global: { requestsPerSecond: 0.001, burst: 20 } },
    });
    writeFileSync(gateway.configFile, stringify(limited));
    const tenants = async (): Promise<AdminAnswer['body']> =>
      (await askAdmin(gateway, 'GET', adminPaths.tenants)).body;
    await waitFor('the reload', async () => JSON.stringify(await tenants()).includes('team-b'));
    provider.behave(answersJson(completion('a')));
    await (await postChat(gateway, {}, { headers: { authorization: `Bearer ${clientKey}` } })).text();
    await waitFor('the settlement', async () => JSON.stringify(await tenants()).includes('"spentUsd":1}'));
    expect(await tenants()).toMatchObject({
      tenants: [
        {
          name: 'team-a',
          limits: { burst: 9 },
          usage: { requests: { limit: 9, remaining: 8 }, openStreams: 0, spentUsd: 1, local: false },
        },
        { name: 'team-b' },
      ],
      global: { requests: { limit: 20, remaining: 19 }, local: false },
    });
    expect((await tenants())['tenants']).not.toMatchObject([{}, { usage: {} }]);
  });
});

describe('PUT /admin/log-level', () => {
  it('changes what is logged from then on', async () => {
    expect(await setLevel('{"level":"error"}')).toMatchObject({ status: 200, body: { level: 'error' } });
    const before = gateway.logLines.length;
    await (await postChat(gateway)).text();
    await waitFor('the request', () => gateway.auditText().includes('"event":"request"'));
    expect(gateway.logLines.slice(before)).toEqual([]);
    expect((await setLevel('{"level":"info"}')).status).toBe(200);
    await (await postChat(gateway)).text();
    await waitFor('the line', () => gateway.requestLine());
  });

  it.each([
    ['{"level":"loud"}', 'application/json', 400, 'invalid_request'],
    ['{}', 'application/json', 400, 'invalid_request'],
    ['null', 'application/json', 400, 'invalid_request'],
    ['{', 'application/json', 400, 'invalid_json'],
    ['{"level":"info"}', 'text/plain', 415, 'unsupported_media_type'],
    [`{"level":"${'x'.repeat(2000)}"}`, 'application/json', 413, 'body_too_large'],
  ])('refuses %s as %s', async (body, contentType, status, code) => {
    const answer = await setLevel(body, contentType);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect((await adminRecords(gateway, 1))[0]).toMatchObject({
      action: 'log_level.set',
      decision: 'refused',
      errorCode: code,
    });
  });
});

describe('A client that leaves before its PUT /admin/log-level is whole', () => {
  it.each(['closes', 'resets'])('and %s the connection changes nothing, and leaves a record', async (how) => {
    const client = await RawClient.connect(gateway.adminUrl);
    client.send(
      `PUT ${adminPaths.logLevel} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${adminToken}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 17\r\nX-Request-Id: left\r\n' +
        'Expect: 100-continue\r\n\r\n',
    );
    // The gateway reads the body now.
    await client.receives(/^HTTP\/1.1 100 Continue/);
    client.socket.write('{"level":', () => {
      if (how === 'resets') client.socket.resetAndDestroy();
      else client.socket.destroy();
    });
    const [record] = await adminRecords(gateway, 1);
    expect(record).toMatchObject({
      requestId: 'left',
      action: 'log_level.set',
      decision: 'refused',
      outcome: 'client_gone',
      errorSource: 'client',
    });
    expect(record).not.toHaveProperty('status');
    expect(record).not.toHaveProperty('change');
  });
});

describe('POST /admin/drain', () => {
  it('makes this replica unready, and ends it as SIGTERM does; asked again, it does no more', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const stream = await postChat(
      gateway,
      { stream: true },
      { headers: { authorization: `Bearer ${clientKey}` } },
    );
    expect(stream.status).toBe(200);
    expect(await askAdmin(gateway, 'POST', adminPaths.drain)).toMatchObject({
      status: 202,
      body: { status: 'draining' },
    });
    expect(gateway.app.drain.isBegun).toBe(true);
    expect(await stream.text()).toContain('"code":"draining"');
    expect((await askAdmin(gateway, 'POST', adminPaths.drain)).status).toBe(202);
    await waitFor('the closed listener', () => !gateway.app.publicServer.listening);
  });
});

describe('Each request below /admin', () => {
  it.each([
    ['POST', adminPaths.config, 'GET'],
    ['DELETE', adminPaths.tenants, 'GET'],
    ['GET', adminPaths.drain, 'POST'],
    ['POST', adminPaths.logLevel, 'PUT'],
  ])('%s %s is refused where the path answers to %s alone', async (method, path, allow) => {
    const answer = await askAdmin(gateway, method, path);
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    expect(gateway.app.drain.isBegun).toBe(false);
  });

  it('leaves a record of who did what, in the same chain as the requests', async () => {
    await askAdmin(gateway, 'GET', adminPaths.config, { headers: { 'x-request-id': 'op-1' } });
    await askAdmin(gateway, 'GET', adminPaths.targets, {
      headers: { authorization: `Bearer ${otherToken}` },
    });
    await setLevel('{"level":"warn"}');
    await askAdmin(gateway, 'GET', '/admin/unknown');
    const records = await adminRecords(gateway, 4);
    const who = {
      sourceIp: '127.0.0.1',
      peerIp: '127.0.0.1',
      tokenId: createHash('sha256').update(adminToken).digest('hex').slice(0, 8),
    };
    const done = { decision: 'admitted', status: 200, errorSource: 'none' };
    expect(records).toMatchObject([
      { ...who, ...done, action: 'config.read', requestId: 'op-1' },
      { action: 'targets.read', decision: 'refused', status: 401, errorCode: 'invalid_admin_token' },
      { ...who, ...done, action: 'log_level.set', change: { logLevel: ['info', 'warn'] } },
      { ...who, action: 'unknown', decision: 'refused', status: 404, errorCode: 'unknown_path' },
    ]);
    expect(records[1]).not.toHaveProperty('tokenId');
    expect(gateway.auditText()).not.toContain(adminToken);
    expect(gateway.auditText()).not.toContain(otherToken);
    expect(faults(verifyBytes(Buffer.from(gateway.auditText())))).toEqual([]);
  });

  it('is refused where no record could be kept', async () => {
    jest.spyOn(AuditLog.prototype, 'admitsRequests', 'get').mockReturnValue(false);
    expect((await askAdmin(gateway, 'POST', adminPaths.drain)).headers['x-gateway-error']).toBe(
      'audit_unavailable; source=gateway',
    );
    expect(gateway.app.drain.isBegun).toBe(false);
  });

  it('is no request of a client: it is not counted as one', async () => {
    await askAdmin(gateway, 'GET', adminPaths.config);
    expect(await gateway.metric('gateway_requests_total')).toBe(0);
  });
});

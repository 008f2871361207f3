import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { faults, verifyBytes } from '../support/audit-lines';
import {
  answersJson,
  chunkEvent,
  completion,
  neverAnswers,
  startFakeProvider,
  streamsThenBreaks,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { RawClient } from '../support/raw-client';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

const key = 'sk-secret-of-team-a';
const keyHash = createHash('sha256').update(key).digest('hex');
const authorized = { headers: { authorization: `Bearer ${key}` } };
const prompt = 'a very private prompt';
const asked = { messages: [{ role: 'user', content: prompt }] };

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: configFor(provider.baseUrl, {
      access: 'keys',
      tenants: [{ name: 'team-a', keys: [{ sha256: keyHash }], models: ['m'] }],
      models: [
        {
          name: 'm',
          targets: [
            {
              provider: 'up',
              model: 'provider-model',
              price: { inputUsdPerMillionTokens: 0.5, outputUsdPerMillionTokens: 2 },
            },
          ],
        },
        { name: 'secret-model', targets: [{ provider: 'up', model: 'x' }] },
      ],
    }),
    timings: { upstream: { idleMs: 200 } },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

type AuditRecord = Readonly<Record<string, unknown>>;

const recordsIn = (text: string): AuditRecord[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditRecord);

/** The record of the only request, when it has come. */
async function requestRecord(): Promise<AuditRecord> {
  return waitFor('the record', () => recordsIn(gateway.auditText()).find(({ event }) => event === 'request'));
}

describe('The audit record of a request', () => {
  it('says who asked for what, from where, and how it ended; no key, prompt or answer is in it', async () => {
    provider.behave(answersJson(completion('a private answer')));
    await (
      await postChat(gateway, asked, { headers: { ...authorized.headers, 'x-request-id': 'r-1' } })
    ).text();
    const record = await requestRecord();
    expect(record).toMatchObject({
      kind: 'audit',
      sequence: 1,
      requestId: 'r-1',
      sourceIp: '127.0.0.1',
      tenant: 'team-a',
      keyId: keyHash.slice(0, 8),
      route: 'chat_completions',
      model: 'm',
      provider: 'up',
      stream: false,
      decision: 'admitted',
      outcome: 'finished',
      status: 200,
      errorSource: 'none',
      inputTokens: 1,
      cachedInputTokens: 0,
      outputTokens: 1,
      tokensEstimated: false,
      // One token each way.
      costUsd: 0.0000025,
    });
    expect(record['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(record['durationMs']).toBeGreaterThan(0);
    const logged = await waitFor('the log line', () => gateway.requestLine('r-1'));
    expect(record['durationMs']).toBe(logged['durationMs']);
    for (const secret of [key, keyHash, prompt, 'a private answer'])
      expect(gateway.auditText()).not.toContain(secret);
  });

  it.each([
    ['no key', {}, {}, { status: 401, errorCode: 'missing_api_key', errorSource: 'client' }],
    [
      'a model that is not known, whose name is not repeated',
      { model: 'x"\n{"kind":"audit"' },
      authorized,
      { status: 404, errorCode: 'model_not_found', model: 'other', tenant: 'team-a' },
    ],
    [
      'a model that the tenant may not use',
      { model: 'secret-model' },
      authorized,
      { status: 403, errorCode: 'model_not_allowed', errorSource: 'policy', model: 'secret-model' },
    ],
  ])('tells of a refusal for %s', async (_, fields, init, expected) => {
    await (await postChat(gateway, { ...asked, ...fields }, init)).text();
    expect(await requestRecord()).toMatchObject({ decision: 'refused', outcome: 'finished', ...expected });
    expect(faults(verifyBytes(Buffer.from(gateway.auditText())))).toEqual([]);
  });

  it('tells of bytes that were no request', async () => {
    const client = await RawClient.connect(gateway.url);
    client.send('nonsense\r\n\r\n');
    await client.receives(/malformed_http/);
    expect(await requestRecord()).toMatchObject({
      decision: 'refused',
      errorCode: 'malformed_http',
      route: 'other',
      sourceIp: '127.0.0.1',
    });
  });

  it('tells of a client that left before its answer', async () => {
    provider.behave(neverAnswers);
    const leave = new AbortController();
    const answer = postChat(gateway, asked, { ...authorized, signal: leave.signal });
    await provider.request(0);
    leave.abort();
    await expect(answer).rejects.toThrow();
    const record = await requestRecord();
    expect(record).toMatchObject({ outcome: 'client_gone', errorSource: 'client', sourceIp: '127.0.0.1' });
    expect(record).not.toHaveProperty('status');
  });

  it('tells of a client that left in the middle of a stream', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const leave = new AbortController();
    const answer = await postChat(
      gateway,
      { ...asked, stream: true },
      { ...authorized, signal: leave.signal },
    );
    await answer.body!.getReader().read();
    leave.abort();
    expect(await requestRecord()).toMatchObject({
      stream: true,
      status: 200,
      outcome: 'client_gone',
      tokensEstimated: true,
    });
  });

  it('tells of a stream that the provider cut', async () => {
    provider.behave(streamsThenBreaks(chunkEvent('a')));
    await (await postChat(gateway, { ...asked, stream: true }, authorized)).text();
    expect(await requestRecord()).toMatchObject({
      decision: 'admitted',
      status: 200,
      outcome: 'cut',
      errorCode: 'stream_cut',
      errorSource: 'provider',
    });
  });

  it('tells of a stream that fell silent', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    await (await postChat(gateway, { ...asked, stream: true }, authorized)).text();
    expect(await requestRecord()).toMatchObject({ outcome: 'timed_out', errorCode: 'provider_timeout' });
  });

  it('is one of exactly as many as there were requests, in one whole chain that ends with the process', async () => {
    provider.behave(answersJson({ choices: [] }));
    await Promise.all(
      Array.from({ length: 40 }, async () => (await postChat(gateway, asked, authorized)).text()),
    );
    await gateway.app.close();
    const report = verifyBytes(Buffer.from(gateway.auditText()));
    expect(faults(report)).toEqual([]);
    expect(report).toMatchObject({ auditLines: 42, chains: [{ ended: true, lastSequence: 41 }] });
  });
});

describe('The audit metrics', () => {
  it('show that the sink works, how far the chain has got, and that nothing was lost', async () => {
    provider.behave(answersJson({ choices: [] }));
    await (await postChat(gateway, asked, authorized)).text();
    await waitFor('the line', async () => (await gateway.metric('gateway_audit_last_sequence')) === 1);
    expect(await gateway.metric('gateway_audit_working')).toBe(1);
    expect(await gateway.metric('gateway_audit_dropped_total')).toBe(0);
  });
});

describe('An audit file in the configuration', () => {
  let folder: string;
  let withFile: RunningGateway;
  const audit = (path: string, onFailure: 'refuse' | 'count' = 'refuse') => ({
    audit: { sink: { kind: 'file' as const, path }, onFailure },
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'audit-config-'));
    withFile = await startGateway({ config: configFor(provider.baseUrl, audit(join(folder, 'audit.log'))) });
  });
  afterEach(async () => {
    await withFile.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('receives the records, and standard output none', async () => {
    await (await fetch(`${withFile.url}/v1/models`)).text();
    await waitFor('the record', () =>
      recordsIn(readFileSync(join(folder, 'audit.log'), 'utf8')).some(({ route }) => route === 'models'),
    );
    expect(withFile.auditText()).toBe('');
  });

  it('that cannot be written makes requests fail with an error of their own, until it can', async () => {
    const ask = async (): Promise<Response> => fetch(`${withFile.url}/v1/models`);
    await (await ask()).text();
    rmSync(folder, { recursive: true });
    await waitFor('the refusal', async () => (await ask()).status === 503);
    const refused = await ask();
    expect(refused.headers.get('x-gateway-error')).toBe('audit_unavailable; source=gateway');
    expect(await refused.json()).toMatchObject({
      error: { code: 'audit_unavailable', type: 'server_error' },
    });
    expect(await withFile.metric('gateway_audit_working')).toBe(0);
    expect(withFile.logLines.some(({ msg }) => msg === 'the audit log cannot be written')).toBe(true);
    expect((await fetch(`${withFile.url}/health/ready`)).status).toBe(200);

    mkdirSync(folder);
    await waitFor('the recovery', async () => (await ask()).status === 200);
    expect(await withFile.metric('gateway_audit_working')).toBe(1);
  });

  it('may stay while what its failure means is changed, and may not be changed itself', async () => {
    const before = await withFile.metric('gateway_config_reloads_total', { result: 'success' });
    writeFileSync(
      withFile.configFile,
      stringify(configFor(provider.baseUrl, audit(join(folder, 'other.log')))),
    );
    await waitFor(
      'the refusal',
      async () => (await withFile.metric('gateway_config_last_reload_successful')) === 0,
    );
    const refusal = withFile.logLines.find(({ msg }) => String(msg).startsWith('configuration refused'));
    expect(refusal!['reason']).toContain('while the process runs, for its hash chain goes there');

    writeFileSync(
      withFile.configFile,
      stringify(configFor(provider.baseUrl, audit(join(folder, 'audit.log'), 'count'))),
    );
    await waitFor(
      'the reload',
      async () => (await withFile.metric('gateway_config_reloads_total', { result: 'success' })) > before,
    );
    rmSync(folder, { recursive: true });
    await waitFor('the failure', async () => {
      await (await fetch(`${withFile.url}/v1/models`)).text();
      return (await withFile.metric('gateway_audit_working')) === 0;
    });
    expect((await fetch(`${withFile.url}/v1/models`)).status).toBe(200);
    mkdirSync(folder);
  });

  it('in a folder that does not exist keeps the gateway from starting, and says why', async () => {
    const start = startGateway({ config: configFor(provider.baseUrl, audit('/does/not/exist/audit.log')) });
    await expect(start).rejects.toThrow(
      /audit\.sink\.path: found "\/does\/not\/exist\/audit\.log" \((Error: )?ENOENT.*Fix: create/s,
    );
  });
});

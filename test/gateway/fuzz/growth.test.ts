import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startFakeProvider, type FakeProvider } from '../../support/fake-provider';
import { GatewayProcess } from '../../support/gateway-process';
import { configFor } from '../../support/running-gateway';
import { parseExposition, sumOf } from '../../support/exposition';
import { waitFor } from '../../support/wait';

const key = 'a-right-key';
const folder = mkdtempSync(join(tmpdir(), 'growth-'));
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

let provider: FakeProvider;
let gateway: GatewayProcess;
let url: string;
let adminUrl: string;

beforeAll(async () => {
  provider = await startFakeProvider();
  const configFile = join(folder, 'gateway.yaml');
  const config = configFor(provider.baseUrl, {
    access: 'keys',
    tenants: [{ name: 'team', keys: [{ sha256: createHash('sha256').update(key).digest('hex') }] }],
    limits: { maxBodyBytes: 4096, global: { tokensPerMinute: 1_000_000_000 } },
    cache: {},
  });
  writeFileSync(configFile, stringify(config));
  const variables = { GATEWAY_CONFIG_FILE: configFile, PORT: '0', ADMIN_PORT: '0' };
  const timings = JSON.stringify({ client: { headersMs: 300, requestMs: 600 } });
  gateway = GatewayProcess.start('test/support/collected-entry.ts', variables, timings);
  ({ url, adminUrl } = await gateway.listening());
});

afterAll(async () => {
  agent.destroy();
  await gateway.kill();
  await provider.close();
  rmSync(folder, { recursive: true });
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function status({
  method = 'POST',
  path = '/v1/chat/completions',
  headers = {},
  body,
}: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers };
    const sent = request(url + path, { method, agent, headers: all }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Bytes, then a reset, or the end of the connection by the other side. */
function raw(bytes: string, resets: boolean): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, () => {
        if (resets) socket.resetAndDestroy();
      });
    });
    socket.resume().once('error', () => undefined);
    socket.once('close', () => {
      resolve(400);
    });
  });
}

const head = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const chat = (model: string): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'x'.repeat(500) }] });

/** Each with something that was never seen before, by which a table could grow. */
const attacks: readonly (() => Promise<number>)[] = [
  () => status({ path: `/v1/${randomUUID()}?${randomUUID()}` }),
  () => status({ method: 'DELETE', path: `/v1/messages/${randomUUID()}` }),
  () => status({ body: chat(randomUUID()) }),
  () => status({ body: chat('m').slice(0, -3) }),
  () => status({ body: chat('m'), headers: { authorization: `Bearer ${randomUUID()}` } }),
  () => status({ body: chat('m'), headers: { authorization: `Bearer a.${randomUUID()}.c` } }),
  () => status({ body: chat('m'), headers: { 'x-request-id': randomUUID(), 'content-encoding': 'gzip' } }),
  () => status({ body: chat('m'), headers: { [`x-${randomUUID()}`]: 'x', 'content-type': randomUUID() } }),
  () => status({ body: `{"${randomUUID()}":1,"model":"m","n":1e9}` }),
  () => status({ body: 'x'.repeat(5_000) }),
  () => raw(`${head}X-${randomUUID()}: a\r\n b\r\n\r\n`, false),
  () => raw(`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, false),
  () => raw(`${head}Authorization: Bearer ${key}\r\nContent-Length: 500\r\n\r\n{"`, true),
  () => raw('GET /v1/models HTTP/1.1\r\nHo', true),
];

async function attack(requests: number): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < requests) {
      const answered = await attacks[next++ % attacks.length]!();
      if (answered < 400 || answered > 499) throw new Error(`Attack ${next - 1} was answered ${answered}.`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, client));
}

async function held(): Promise<{ bytes: number; resources: number; series: number }> {
  const metrics = async (): Promise<string> => (await fetch(`${adminUrl}/metrics`)).text();
  await waitFor('the requests to end', async () => sumOf(await metrics(), 'gateway_active_requests') === 0);
  const { samples } = parseExposition(await metrics());
  gateway.output = '';
  gateway.child.kill('SIGUSR2');
  const line = await waitFor('what is held', () => /\{"msg":"held".*\}\n/.exec(gateway.output)?.[0]);
  return { ...(JSON.parse(line) as { bytes: number; resources: number }), series: samples.length };
}

describe('A process that thousands of hostile requests have reached', () => {
  it('holds no more than before them', async () => {
    // Until every path is compiled and every bounded table is full.
    await attack(7_000);
    const before = await held();
    const requests = 14_000;
    await attack(requests);
    const after = await held();
    expect(after.series).toBe(before.series);
    expect(after.resources).toBeLessThan(before.resources + 20);
    // A name kept of every request would be more than 100 bytes for each; less is the noise of the collector.
    expect((after.bytes - before.bytes) / requests).toBeLessThan(80);
    expect(gateway.child.exitCode).toBeNull();
  }, 60_000);

  it('serves the next client', async () => {
    expect(await status({ body: chat('m') })).toBe(200);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  beginStream,
  chunkEvent,
  done,
  startFakeProvider,
  type FakeProvider,
} from '../support/fake-provider';
import { GatewayProcess } from '../support/gateway-process';
import { configFor, postChat } from '../support/running-gateway';
import { waitFor } from '../support/wait';

const forEver = 600_000;

let provider: FakeProvider;
let answers: ServerResponse[];
let folder: string;
let gateway: GatewayProcess;
let url: string;

beforeEach(async () => {
  provider = await startFakeProvider();
  answers = [];
  provider.behave((response) => {
    beginStream(response);
    response.write(chunkEvent('a'));
    answers.push(response);
  });
  folder = mkdtempSync(join(tmpdir(), 'gateway-'));
});

afterEach(async () => {
  await gateway.kill();
  await provider.close();
  rmSync(folder, { recursive: true });
});

async function start(shutdown: object): Promise<void> {
  const configFile = join(folder, 'gateway.yaml');
  writeFileSync(configFile, stringify(configFor(provider.baseUrl)));
  const variables = { GATEWAY_CONFIG_FILE: configFile, PORT: '0', ADMIN_PORT: '0' };
  gateway = GatewayProcess.start('test/support/gateway-entry.ts', variables, JSON.stringify({ shutdown }));
  ({ url } = await gateway.listening());
}

const readiness = async (): Promise<number> => (await fetch(`${url}/health/ready`)).status;
const refusesConnections = async (): Promise<boolean> =>
  fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  );

describe('A gateway process that gets SIGTERM', () => {
  it('is not ready at once, serves on until the balancers know, lets live streams end, and exits 0', async () => {
    await start({ endpointPropagationMs: 1_500, drainLimitMs: forEver });
    expect(await readiness()).toBe(200);
    const live = await Promise.all(Array.from({ length: 50 }, () => postChat({ url }, { stream: true })));
    gateway.child.kill('SIGTERM');
    await waitFor('readiness to flip', async () => (await readiness()) === 503);
    const late = await postChat({ url }, { stream: true });
    expect(late.status).toBe(200);
    await waitFor('the listener to close', refusesConnections);
    expect(gateway.child.exitCode).toBeNull();
    for (const answer of answers) answer.end(chunkEvent('b') + done);
    for (const response of [...live, late]) {
      expect(await response.text()).toBe(chunkEvent('a') + chunkEvent('b') + done);
    }
    expect(await gateway.exited()).toBe(0);
    expect(gateway.output.match(/"outcome":"finished".*"msg":"request"/g)).toHaveLength(51);
    expect(gateway.output).toContain('"msg":"drained"');
  });

  it('gives the streams that outlast the limit an error event, and still exits 0', async () => {
    await start({ endpointPropagationMs: 1, drainLimitMs: 200 });
    const response = await postChat({ url }, { stream: true });
    gateway.child.kill('SIGTERM');
    const text = await response.text();
    expect(text).toMatch(/^data: .*\n\ndata: \{"error":.*"code":"draining"\}\}\n\n$/);
    expect(await gateway.exited()).toBe(0);
    expect(gateway.output).toContain('"outcome":"drained"');
  });

  it('twice, waits for nobody', async () => {
    await start({ endpointPropagationMs: forEver, drainLimitMs: forEver });
    const response = await postChat({ url }, { stream: true });
    gateway.child.kill('SIGTERM');
    await waitFor('readiness to flip', async () => (await readiness()) === 503);
    gateway.child.kill('SIGTERM');
    expect(await response.text()).toContain('"code":"draining"');
    expect(await gateway.exited()).toBe(0);
  });
});

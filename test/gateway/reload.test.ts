import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import {
  beginStream,
  chunkEvent,
  done,
  startFakeProvider,
  type FakeProvider,
} from '../support/fake-provider';
import { jsonOf } from '../support/json';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { RawClient } from '../support/raw-client';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({ config: configFor(provider.baseUrl) });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const withModel = (name: string): RuntimeConfigInput =>
  configFor(provider.baseUrl, { models: [{ name, targets: [{ provider: 'up', model: 'provider-model' }] }] });

const models = async (): Promise<string[]> => {
  const list: { data: { id: string }[] } = await jsonOf(await fetch(`${gateway.url}/v1/models`));
  return list.data.map((model) => model.id);
};
const servesModel = (name: string): Promise<boolean> =>
  waitFor(`model ${name}`, async () => (await models()).join() === name);

describe('A changed configuration file', () => {
  it('is taken over where it is written in place', async () => {
    expect(await models()).toEqual(['m']);
    writeFileSync(gateway.configFile, stringify(withModel('in-place')));
    await servesModel('in-place');
    expect(await gateway.metric('gateway_config_reloads_total', { result: 'success' })).toBe(1);
  });

  it('is taken over where it is replaced by a rename', async () => {
    for (const name of ['renamed', 'renamed-2']) {
      writeFileSync(`${gateway.configFile}.new`, stringify(withModel(name)));
      renameSync(`${gateway.configFile}.new`, gateway.configFile);
      await servesModel(name);
    }
  });

  it("is taken over where the kubelet swaps a ConfigMap's ..data link", async () => {
    const mount = join(gateway.secretsDirectory, 'mount');
    const publish = (version: string, config: RuntimeConfigInput): void => {
      mkdirSync(join(mount, version), { recursive: true });
      writeFileSync(join(mount, version, 'gateway.yaml'), stringify(config));
      symlinkSync(version, join(mount, '..data_tmp'));
      renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
    };
    publish('..2026_1', withModel('first'));
    rmSync(gateway.configFile);
    symlinkSync(join('mount', '..data', 'gateway.yaml'), gateway.configFile);
    await servesModel('first');
    publish('..2026_2', withModel('second'));
    rmSync(join(mount, '..2026_1'), { recursive: true });
    await servesModel('second');
  });

  it('that is not valid keeps the old one, says why, and shows in the metrics until it is mended', async () => {
    expect(await gateway.metric('gateway_config_last_reload_successful')).toBe(1);
    writeFileSync(gateway.configFile, 'version: 1\nproviders: [{ name: up, kind: opnai }]\n');
    const refused = { result: 'failure' };
    await waitFor(
      'the refusal',
      async () => (await gateway.metric('gateway_config_reloads_total', refused)) === 1,
    );
    expect(await gateway.metric('gateway_config_last_reload_successful')).toBe(0);
    expect(gateway.logLines).toContainEqual(
      expect.objectContaining({ level: 'error', reason: expect.stringContaining('providers[0]') }),
    );
    expect((await postChat(gateway)).status).toBe(200);
    writeFileSync(gateway.configFile, stringify(withModel('mended')));
    await servesModel('mended');
    expect(await gateway.metric('gateway_config_last_reload_successful')).toBe(1);
  });

  it('that is gone keeps the old one', async () => {
    rmSync(gateway.configFile);
    const refused = { result: 'failure' };
    await waitFor(
      'the refusal',
      async () => (await gateway.metric('gateway_config_reloads_total', refused)) === 1,
    );
    expect(await models()).toEqual(['m']);
  });

  it('is refused where a secret that it names is missing', async () => {
    const config = withModel('new');
    config.providers = [{ name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'absent' }];
    writeFileSync(gateway.configFile, stringify(config));
    const refused = { result: 'failure' };
    await waitFor(
      'the refusal',
      async () => (await gateway.metric('gateway_config_reloads_total', refused)) === 1,
    );
    expect(await models()).toEqual(['m']);
  });

  it('is taken over where a secret that it names comes later, though another one does not yet', async () => {
    const config = withModel('new');
    const up = { kind: 'openai' as const, baseUrl: provider.baseUrl };
    config.providers = [
      { ...up, name: 'up', apiKeyFile: 'later' },
      { ...up, name: 'other', apiKeyFile: 'last' },
    ];
    writeFileSync(gateway.configFile, stringify(config));
    const reasons = (): string[] =>
      gateway.logLines.flatMap(({ reason }) => (typeof reason === 'string' ? [reason] : []));
    await waitFor('the refusal', () => reasons().some((reason) => reason.includes('found later')));
    writeFileSync(join(gateway.secretsDirectory, 'later'), 'came-later');
    await waitFor('the other refusal', () => reasons().some((reason) => !reason.includes('found later')));
    expect(await models()).toEqual(['m']);
    writeFileSync(join(gateway.secretsDirectory, 'last'), 'came-last');
    await servesModel('new');
    await (await postChat(gateway, { model: 'new' })).text();
    expect(provider.received.at(-1)?.headers.authorization).toBe('Bearer came-later');
    expect(new Set(reasons()).size).toBe(reasons().length);
  });

  it('ends no running stream, though model and provider are gone from it', async () => {
    const answers: ServerResponse[] = [];
    provider.behave((response) => {
      beginStream(response);
      response.write(chunkEvent('a'));
      answers.push(response);
    });
    const running = await Promise.all(Array.from({ length: 20 }, () => postChat(gateway, { stream: true })));
    const other = await startFakeProvider();
    writeFileSync(
      gateway.configFile,
      stringify(configFor(other.baseUrl, { models: withModel('new').models })),
    );
    await servesModel('new');
    for (const answer of answers) answer.end(chunkEvent('b') + done);
    for (const response of running) {
      expect(await response.text()).toBe(chunkEvent('a') + chunkEvent('b') + done);
    }
    const finished = { provider: 'up', outcome: 'finished' };
    await waitFor(
      'the outcomes',
      async () => (await gateway.metric('gateway_streams_total', finished)) === 20,
    );
    await other.close();
  });

  it('ends a removed key at once', async () => {
    const keyed = (sha256: string): RuntimeConfigInput =>
      configFor(provider.baseUrl, { access: 'keys', tenants: [{ name: 't', keys: [{ sha256 }] }] });
    const hash = '2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683'; // of "key"
    const status = async (): Promise<number> =>
      (await fetch(`${gateway.url}/v1/models`, { headers: { authorization: 'Bearer key' } })).status;
    writeFileSync(gateway.configFile, stringify(keyed(hash)));
    await waitFor(
      'keys to be asked for',
      async () => (await fetch(`${gateway.url}/v1/models`)).status === 401,
    );
    expect(await status()).toBe(200);
    writeFileSync(gateway.configFile, stringify(keyed('0'.repeat(64))));
    await waitFor('the key to end', async () => (await status()) === 401);
  });
});

describe('A rotated secret', () => {
  it('is used from the next request on, and an unusable one is not', async () => {
    await gateway.close();
    gateway = await startGateway({
      secrets: { 'api-key': 'rotated-one' },
      config: configFor(provider.baseUrl, {
        providers: [{ name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'api-key' }],
      }),
    });
    const sent = async (): Promise<string | undefined> => {
      await (await postChat(gateway)).text();
      return provider.received.at(-1)?.headers.authorization;
    };
    const file = join(gateway.secretsDirectory, 'api-key');
    expect(await sent()).toBe('Bearer rotated-one');
    writeFileSync(file, 'rotated-two\n');
    await waitFor('the new key', async () => (await sent()) === 'Bearer rotated-two');
    writeFileSync(file, 'rotated-three\nlines');
    await waitFor('the refusal', () =>
      gateway.logLines.some(({ msg }) => String(msg).startsWith('secrets unusable')),
    );
    expect(await sent()).toBe('Bearer rotated-two');
    expect(JSON.stringify(gateway.logLines)).not.toMatch(/rotated-/);
  });

  it('of a provider that was removed is forgotten, but for the requests that began before', async () => {
    await gateway.close();
    const withKey = configFor(provider.baseUrl, {
      providers: [{ name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'api-key' }],
    });
    gateway = await startGateway({
      secrets: { 'api-key': 'old-key', 'new-key': 'new-key' },
      config: withKey,
    });
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
    const early = await RawClient.connect(gateway.url);
    early.send(
      'POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n' +
        `Content-Length: ${body.length}\r\n\r\n`,
    );
    await waitFor('the request', async () => (await gateway.metric('gateway_active_requests')) === 1);
    writeFileSync(
      gateway.configFile,
      stringify({
        ...withModel('new'),
        providers: [{ name: 'up', kind: 'openai', baseUrl: provider.baseUrl, apiKeyFile: 'new-key' }],
      }),
    );
    await servesModel('new');
    rmSync(join(gateway.secretsDirectory, 'api-key'));
    // Seen together with the removal, or after it.
    writeFileSync(join(gateway.secretsDirectory, 'new-key'), 'newer-key');
    await waitFor('the watch', () => gateway.logLines.some(({ msg }) => msg === 'secrets read again'));
    expect(gateway.logLines.filter(({ level }) => level === 'error')).toEqual([]);
    early.send(body);
    await waitFor('its arrival', () => provider.received.length > 0);
    expect(provider.received.at(-1)?.headers.authorization).toBe('Bearer old-key');
    early.socket.destroy();
  });
});

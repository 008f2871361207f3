/** The store that the manifests run: its own configuration and start script, with a real server. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { Size } from 'cdk8s';
import {
  configFileName,
  folders,
  startScript,
  storeConfig,
  storePort,
} from '../../charts/store/store-config';
import { freePorts } from '../support/free-ports';
import { type Guarded, startGuarded } from '../support/guarded';
import { describeWith } from '../support/programs';
import { waitFor } from '../support/wait';
import { claim, redisStore, sharedStore, tenant } from './store-support';

/** Printable and without blanks, as the gateway demands. */
const password = 'it\'s-"quoted"#and$strange\\';

describeWith(['redis-server'], 'The in-cluster store', () => {
  let port: number;
  let store: Guarded;

  beforeAll(async () => {
    [port] = (await freePorts(1)) as [number];
    const { path, local } = storeDirectory(port);
    writeFileSync(join(path, folders.secrets, 'password'), `${password}\n`);
    store = await startGuarded({
      directory: path,
      programs: [{ command: ['sh', '-c', local(startScript('password'))], logFile: join(path, 'store.log') }],
    });
    await waitFor(
      'the store',
      async () => (await ask(port, 'PING')).includes('NOAUTH'),
      10_000,
      () => store.failure(),
    );
  });
  afterAll(() => store.stop());

  it('counts for a gateway that has the password', async () => {
    const { store: limits } = await sharedStore(port, as(port, password));
    const scope = tenant({ requests: { perSecond: 0.001, burst: 2 } });
    const granted = [];
    for (let index = 0; index < 3; index += 1) {
      const { grant } = await limits.reserve(claim(scope));
      granted.push(grant === undefined ? 'refused' : grant.local ? 'alone' : 'shared');
    }
    await limits.close();
    expect(granted).toEqual(['shared', 'shared', 'refused']);
  });

  it.each([
    ['is missing', undefined],
    ['is empty', '\n'],
  ])('does not start where its password %s', (_case, content) => {
    const directory = storeDirectory(port);
    if (content !== undefined) writeFileSync(join(directory.path, folders.secrets, 'password'), content);
    const { status, stdout } = spawnSync('sh', ['-c', directory.local(startScript('password'))], {
      encoding: 'utf8',
    });
    rmSync(directory.path, { recursive: true });
    expect(status).toBeGreaterThan(0);
    expect(stdout).toBe('');
  });

  it('refuses one that has none or another', async () => {
    for (const wrong of [undefined, 'wrong']) {
      const { store: limits, witness } = redisStore(port, as(port, wrong));
      await waitFor('the refusal', () => witness.reasons.length > 0);
      expect(witness.shared).toBe(false);
      await limits.close();
    }
  });

  it.each(['FLUSHALL', 'CONFIG GET *', 'KEYS *', 'MONITOR', 'SHUTDOWN', 'ACL LIST'])(
    'does not let a gateway %s',
    async (command) => {
      expect(await ask(port, command, password)).toMatch(/NOPERM/);
    },
  );
});

/** The container's folders, below one of this machine. */
function storeDirectory(port: number): { path: string; local: (text: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'store-'));
  for (const folder of Object.values(folders)) mkdirSync(join(path, folder), { recursive: true });
  const local = (text: string) =>
    text
      .replace(new RegExp(`(${Object.values(folders).join('|')})(?=[/\\s])`, 'g'), (folder) => path + folder)
      .replace(`port ${storePort}`, `port ${port}`)
      .replace('* -::*', '127.0.0.1');
  writeFileSync(join(path, folders.config, configFileName), local(storeConfig(Size.mebibytes(64))));
  return { path, local };
}

const as = (port: number, secret?: string) => ({
  address: { host: '127.0.0.1', port, tls: false, ...(secret !== undefined && { password: () => secret }) },
});

async function ask(port: number, command: string, secret?: string): Promise<string> {
  const client = createClient({
    socket: { host: '127.0.0.1', port, reconnectStrategy: false },
    RESP: 2,
    ...(secret === undefined ? {} : { password: secret }),
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return JSON.stringify(await client.sendCommand(command.split(' ')));
  } catch (error) {
    return String(error);
  } finally {
    client.destroy();
  }
}

import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { newKey } from '../../gateway-app/src/commands/key';
import { GatewayProcess } from '../support/gateway-process';

const main = 'gateway-app/src/main.ts';
let gateway: GatewayProcess | undefined;

afterEach(() => gateway?.kill());

const failsWith = async (variables: Record<string, string>): Promise<string> => {
  gateway = GatewayProcess.start(main, { PORT: '0', ADMIN_PORT: '0', ...variables });
  expect(await gateway.exited()).toBe(1);
  return gateway.output.replace(/^\{.*\}\n/gm, '');
};

describe('The gateway without any configuration', () => {
  it('prints a curl line that works as it stands, and streams', async () => {
    gateway = GatewayProcess.start(main, { PORT: '0', ADMIN_PORT: '0' });
    await gateway.listening();
    const [line] = /^curl -N .*$/m.exec(gateway.output) ?? [];
    expect(line).toBeDefined();
    const { stdout } = await promisify(execFile)('sh', ['-c', line!]);
    expect(stdout).toContain('"content":"Hello"');
    expect(stdout).toMatch(/data: \[DONE\]\n\n$/);
  });
});

describe('The gateway refuses to start', () => {
  it('on a port that is in use, in one line', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await failsWith({ PORT: String(port) })).toBe(
      `Port ${port} on 127.0.0.1 is in use by another program, so the gateway cannot listen. Set PORT to a free port.\n`,
    );
    other.close();
  });

  it.each([
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: found "loud"\. Rule: must be one of trace, debug/],
    [{ GATEWAY_MODE: 'production' }, /gateway\.yaml is not valid .*\n.*no readable file \(ENOENT\)/],
  ])('with %j, and says what to change', async (variables, message) => {
    const output = await failsWith(variables);
    expect(output).toMatch(message);
    expect(output).toContain('Fix: ');
    expect(output).not.toMatch(/^\s+at /m);
  });
});

describe('The key command', () => {
  it('makes a fresh key each time, and the tenant entry with its hash', () => {
    const [first, second] = [newKey('team-a'), newKey('team-a')];
    const key = /^gw-[\w-]{43}$/m.exec(first)?.[0] ?? '';
    expect(key).not.toBe('');
    expect(second).not.toContain(key);
    expect(parse(first.slice(first.indexOf('- name:')))).toEqual([
      { name: 'team-a', keys: [{ sha256: createHash('sha256').update(key).digest('hex') }] },
    ]);
  });

  it('refuses a name that the configuration would refuse', () => {
    expect(() => newKey('Team A')).toThrow('tenants[0].name');
  });

  it('says how it is called', () => {
    const script = 'gateway-app/src/commands/key.ts';
    const call = (): string =>
      execFileSync(process.execPath, ['-r', 'ts-node/register/transpile-only', script], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(call).toThrow('npm run key -- TENANT');
  });
});

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { env } from '../../gateway-app/contract/env';
import { httpPaths } from '../../gateway-app/contract/paths';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { freePorts } from '../../test/support/free-ports';
import { type Guarded, type GuardedProgram, startGuarded } from '../../test/support/guarded';
import { waitFor } from '../../test/support/wait';
import { answer, apiKey, apiKeySha256, path, request } from './exchange';
import type { Target } from './load';
import { type Cores, pinned } from './machine';
import { proxyConf, stubConf } from './nginx-conf';

export interface Targets {
  readonly gateway: Target;
  /** A plain proxy in front of the same provider; undefined on a machine without nginx. */
  readonly nginx: Target | undefined;
  /** The provider itself, which shows how far the harness is from being the limit. */
  readonly direct: Target;
  stop(): Promise<void>;
}

const root = resolve(__dirname, '../..');

/** The file that the image runs: what ts-node compiles at its start would be measured with it. */
export async function bundleGateway(): Promise<string> {
  const output = join(root, 'gateway-app/dist');
  mkdirSync(output, { recursive: true });
  // The licence notices are written into the working directory.
  await promisify(execFile)(process.execPath, [join(root, 'gateway-app/bundle.mjs')], { cwd: output });
  return join(output, 'gateway.js');
}

/**
 * Starts everything in `directory`, which is removed at the end, and checks that each answers as the provider does.
 *
 * @throws Error where one does not.
 */
export async function startTargets(
  directory: string,
  gatewayFile: string,
  nginx: string | undefined,
  cores: Cores | undefined,
): Promise<Targets> {
  const [stubPort, nginxPort, gatewayPort, adminPort] = (await freePorts(4)) as [
    number,
    number,
    number,
    number,
  ];
  const program = (
    name: string,
    core: number | undefined,
    command: [string, ...string[]],
    environment: Record<string, string> = {},
  ): GuardedProgram => ({
    command: pinned(core, command),
    environment,
    logFile: name === 'gateway' ? '/dev/null' : join(directory, `${name}.log`),
  });
  const write = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const nginxCommand = (executable: string, name: string, conf: string): [string, ...string[]] => [
    executable,
    ...['-p', directory, '-e', 'stderr', '-c', write(`${name}.conf`, conf)],
  ];

  const programs = [
    program(
      'gateway',
      cores?.target,
      [process.execPath, gatewayFile],
      gatewayEnvironment(directory, write('gateway.yaml', gatewayConfig(stubPort)), gatewayPort, adminPort),
    ),
    nginx === undefined
      ? program('stub', cores?.rest, [
          process.execPath,
          ...['-r', 'ts-node/register/transpile-only', join(__dirname, 'stub.ts'), String(stubPort)],
        ])
      : program('stub', cores?.rest, nginxCommand(nginx, 'stub', stubConf(directory, stubPort))),
  ];
  if (nginx !== undefined) {
    const conf = proxyConf(directory, nginxPort, stubPort);
    programs.push(program('nginx', cores?.target, nginxCommand(nginx, 'proxy', conf)));
  }
  const guarded = await startGuarded({ directory, programs });
  const [gatewayPid, , nginxPid] = guarded.pids;
  const targets = {
    // First: the others answer only once it does.
    direct: { name: 'direct', port: stubPort, pid: undefined },
    gateway: { name: 'gateway', port: gatewayPort, pid: gatewayPid },
    nginx: nginx === undefined ? undefined : { name: 'nginx', port: nginxPort, pid: nginxPid },
  };
  try {
    await waitFor(
      'the gateway',
      () => isReady(gatewayPort),
      20_000,
      () => guarded.failure(),
    );
    for (const target of Object.values(targets))
      if (target !== undefined) await expectAnswer(target, guarded);
  } catch (error) {
    await guarded.stop();
    throw error;
  }
  return { ...targets, stop: () => guarded.stop() };
}

/** As in production: keys are checked and the provider is a real one. */
function gatewayConfig(stubPort: number): string {
  const config: RuntimeConfigInput = {
    version: 1,
    access: 'keys',
    providers: [{ name: 'stub', kind: 'openai', baseUrl: `http://127.0.0.1:${stubPort}/v1` }],
    models: [{ name: 'bench', targets: [{ provider: 'stub', model: 'bench-upstream' }] }],
    tenants: [{ name: 'bench', keys: [{ sha256: apiKeySha256 }] }],
  };
  return JSON.stringify(config);
}

function gatewayEnvironment(
  directory: string,
  configFile: string,
  publicPort: number,
  adminPort: number,
): Record<string, string> {
  return {
    NODE_ENV: 'production',
    [env.mode.name]: 'production',
    [env.configFile.name]: configFile,
    [env.secretsDirectory.name]: directory,
    [env.host.name]: '127.0.0.1',
    [env.publicPort.name]: String(publicPort),
    [env.adminPort.name]: String(adminPort),
  };
}

async function isReady(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}${httpPaths.ready}`)).ok;
}

async function expectAnswer(target: Target, guarded: Guarded): Promise<void> {
  const ask = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${target.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: request,
    });
    return await response.text();
  };
  const body = await waitFor(target.name, ask, 10_000, () => guarded.failure());
  if (body !== answer) throw new Error(`${target.name} answers otherwise than the provider: ${body}`);
}

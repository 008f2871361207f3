import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../test/support/free-ports';
import { type Guarded, type GuardedProgram, startGuarded } from '../../test/support/guarded';
import { waitFor } from '../../test/support/wait';
import { answer, apiKey, path, request } from './exchange';
import { fullConfig, gatewayProgram, isReady } from './gateway-under-test';
import type { Target } from './load';
import { type Cores, pinned } from './machine';
import { proxyConf, stubConf } from './nginx-conf';
import { portkeyHeaders, portkeyTitle } from './portkey';

export interface Targets {
  readonly gateway: Target;
  /** A plain proxy in front of the same provider; undefined on a machine without nginx. */
  readonly nginx: Target | undefined;
  readonly portkey: Target | undefined;
  /** The provider itself, which shows how far the harness is from being the limit. */
  readonly direct: Target;
  stop(): Promise<void>;
}

export interface Installed {
  readonly gatewayFile: string;
  readonly nginx: string | undefined;
  readonly portkeyFile: string | undefined;
}

/**
 * Starts everything in `directory`, which is removed at the end, and checks that each answers as the provider does.
 *
 * @throws Error where one does not.
 */
export async function startTargets(
  directory: string,
  { gatewayFile, nginx, portkeyFile }: Installed,
  cores: Cores | undefined,
): Promise<Targets> {
  const [stubPort = 0, nginxPort = 0, portkeyPort = 0] = await freePorts(3);
  const programs: GuardedProgram[] = [];
  /** @returns Its place among the process ids. */
  const add = (name: string, core: number | undefined, command: [string, ...string[]]): number =>
    programs.push({ command: pinned(core, command), logFile: join(directory, `${name}.log`) }) - 1;
  const nginxCommand = (executable: string, name: string, conf: string): [string, ...string[]] => {
    const file = join(directory, `${name}.conf`);
    writeFileSync(file, conf);
    return [executable, '-p', directory, '-e', 'stderr', '-c', file];
  };

  const config = fullConfig(stubPort);
  const gateway = await gatewayProgram({ directory, file: gatewayFile, core: cores?.target, config });
  programs.push(gateway);
  if (nginx === undefined) {
    const file = join(__dirname, 'stub.ts');
    add('stub', cores?.rest, [
      process.execPath,
      ...['-r', 'ts-node/register/transpile-only', file, String(stubPort)],
    ]);
  } else add('stub', cores?.rest, nginxCommand(nginx, 'stub', stubConf(directory, stubPort)));
  const nginxAt =
    nginx &&
    add('nginx', cores?.target, nginxCommand(nginx, 'proxy', proxyConf(directory, nginxPort, stubPort)));
  const portkeyAt =
    portkeyFile &&
    add('portkey', cores?.target, [process.execPath, portkeyFile, `--port=${portkeyPort}`, '--headless']);

  const guarded = await startGuarded({ directory, programs });
  const pidAt = (place: number): number | undefined => guarded.pids[place];
  const targets = {
    // First: the others answer only once it does.
    direct: { name: 'direct', port: stubPort, pid: undefined },
    gateway: { name: 'gateway', port: gateway.port, pid: pidAt(0) },
    nginx: typeof nginxAt === 'number' ? { name: 'nginx', port: nginxPort, pid: pidAt(nginxAt) } : undefined,
    portkey:
      typeof portkeyAt === 'number'
        ? {
            name: portkeyTitle,
            port: portkeyPort,
            pid: pidAt(portkeyAt),
            headers: portkeyHeaders(stubPort),
            // It writes the answer anew.
            answersAnew: true,
          }
        : undefined,
  };
  try {
    const ready = (): Promise<boolean> => isReady(gateway.port);
    await waitFor('the gateway', ready, 20_000, () => guarded.failure());
    for (const target of Object.values(targets))
      if (target !== undefined) await expectAnswer(target, guarded);
  } catch (error) {
    await guarded.stop();
    throw error;
  }
  return { ...targets, stop: () => guarded.stop() };
}

/** A folder for what is fetched: npm must not find one of its own above it. */
export function folderIn(directory: string, name: string): string {
  const folder = join(directory, name);
  mkdirSync(folder);
  return folder;
}

async function expectAnswer({ name, port, headers, answersAnew }: Target, guarded: Guarded): Promise<void> {
  const ask = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}`, ...headers },
      body: request,
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  };
  const body = await waitFor(name, ask, 20_000, () => guarded.failure());
  const isRight = answersAnew === true ? body.includes('chatcmpl-1') : body === answer;
  if (!isRight) throw new Error(`${name} answers otherwise than the provider: ${body}`);
}

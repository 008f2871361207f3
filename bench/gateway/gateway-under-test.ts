import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { env } from '../../gateway-app/contract/env';
import { httpPaths } from '../../gateway-app/contract/paths';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { freePorts } from '../../test/support/free-ports';
import type { GuardedProgram } from '../../test/support/guarded';
import { apiKeySha256, plainModel, tlsModel } from './exchange';
import { pinned } from './machine';

const root = resolve(__dirname, '../..');

/** The file that the image runs: what ts-node compiles at its start would be measured with it. */
export async function bundleGateway(): Promise<string> {
  const output = join(root, 'gateway-app/dist');
  mkdirSync(output, { recursive: true });
  // The licence notices are written into the working directory.
  await promisify(execFile)(process.execPath, [join(root, 'gateway-app/bundle.mjs')], { cwd: output });
  return join(output, 'gateway.js');
}

/** What the image hands to Node before the file: measured is what runs. */
export function imageFlags(): string[] {
  const dockerfile = readFileSync(join(root, 'gateway-app/Dockerfile'), 'utf8');
  const command = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1];
  if (command === undefined) throw new Error('The Dockerfile names no ENTRYPOINT: the flags are unknown.');
  return (JSON.parse(command) as string[]).slice(1, -1);
}

/** Above what any run reaches: a limit that refuses is cheap, one that admits is what every request pays for. */
const limits = {
  requestsPerSecond: 1_000_000,
  tokensPerMinute: 1_000_000_000,
  concurrentStreams: 100_000,
  dailyBudgetUsd: 1_000_000,
};

const price = { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 2 };

/** As in production, with everything on: keys, all limits of a tenant and of the region, prices, audit, log. */
export function fullConfig(plainPort: number, tlsPort?: number): RuntimeConfigInput {
  const target = (provider: string) => [{ provider, model: 'bench-upstream', price }];
  return {
    version: 1,
    access: 'keys',
    providers: [
      { name: 'plain', kind: 'openai', baseUrl: `http://127.0.0.1:${plainPort}/v1` },
      ...(tlsPort === undefined
        ? []
        : [{ name: 'tls', kind: 'openai' as const, baseUrl: `https://127.0.0.1:${tlsPort}/v1` }]),
    ],
    models: [
      { name: plainModel, targets: target('plain') },
      ...(tlsPort === undefined ? [] : [{ name: tlsModel, targets: target('tls') }]),
    ],
    limits: { global: limits },
    tenants: [{ name: 'bench', keys: [{ sha256: apiKeySha256 }], limits }],
  };
}

export interface GatewayProgram extends GuardedProgram {
  readonly port: number;
  readonly adminPort: number;
}

export interface GatewayProgramOptions {
  /** Holds its configuration. */
  readonly directory: string;
  readonly file: string;
  readonly core: number | undefined;
  readonly config: RuntimeConfigInput;
  /** PEM of a provider's certificate. */
  readonly trusted?: string;
}

/** The gateway as the image runs it. Log and audit go to `/dev/null`: what a collector costs is not the gateway's. */
export async function gatewayProgram(options: GatewayProgramOptions): Promise<GatewayProgram> {
  const { directory, file, core, config, trusted } = options;
  const [port = 0, adminPort = 0] = await freePorts(2);
  const write = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  return {
    port,
    adminPort,
    command: pinned(core, [process.execPath, ...imageFlags(), file]),
    environment: {
      NODE_ENV: 'production',
      [env.mode.name]: 'production',
      [env.configFile.name]: write('gateway.yaml', JSON.stringify(config)),
      [env.secretsDirectory.name]: directory,
      [env.host.name]: '127.0.0.1',
      [env.publicPort.name]: String(port),
      [env.adminPort.name]: String(adminPort),
      ...(trusted !== undefined && { NODE_EXTRA_CA_CERTS: write('provider.pem', trusted) }),
    },
    logFile: '/dev/null',
  };
}

export async function isReady(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}${httpPaths.ready}`)).ok;
}

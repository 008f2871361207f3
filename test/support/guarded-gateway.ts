import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { env } from '../../gateway-app/contract/env';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import type { GuardedProgram } from './guarded';

export interface GatewayOrder {
  readonly directory: string;
  readonly publicPort: number;
  readonly adminPort: number;
  readonly config: RuntimeConfigInput;
  /** Files of its secrets, by name. Absent: none. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The gateway as a program beside others, in development mode. */
export function gatewayProgram({
  directory,
  publicPort,
  adminPort,
  config,
  secrets = {},
}: GatewayOrder): GuardedProgram {
  const configFile = join(directory, 'gateway.yaml');
  writeFileSync(configFile, JSON.stringify(config));
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(directory, name), value);
  return {
    command: [
      process.execPath,
      ...['-r', 'ts-node/register/transpile-only', resolve(__dirname, '../../gateway-app/src/main.ts')],
    ],
    environment: {
      [env.mode.name]: 'development',
      [env.configFile.name]: configFile,
      [env.secretsDirectory.name]: directory,
      [env.publicPort.name]: String(publicPort),
      [env.adminPort.name]: String(adminPort),
    },
    logFile: join(directory, 'gateway.log'),
  };
}

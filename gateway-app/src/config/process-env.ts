import { isIP } from 'node:net';
import { env, gatewayModes, logLevels, type GatewayMode, type LogLevel } from '../../contract/env';
import { InvalidInput, type Problem } from '../../contract/validate';

export interface ProcessEnvironment {
  readonly mode: GatewayMode;
  readonly logLevel: LogLevel;
  /** Absent: the log names none. */
  readonly region?: string;
  /** Absent: the built-in echo configuration (development only). */
  readonly configFile?: string;
  readonly secretsDirectory: string;
  readonly host: string;
  readonly publicPort: number;
  readonly adminPort: number;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment of {@link env}. An empty variable counts as absent.
 *
 * @throws InvalidInput with every variable that is wrong.
 */
export function readProcessEnvironment(variables: Variables): ProcessEnvironment {
  const problems: Problem[] = [];
  const read = (name: string): string | undefined => (variables[name] === '' ? undefined : variables[name]);

  const mode = oneOf(gatewayModes, env.mode, read, problems);
  const logLevel = oneOf(logLevels, env.logLevel, read, problems);
  const publicPort = port(env.publicPort, read, problems);
  const adminPort = port(env.adminPort, read, problems);
  if (publicPort === adminPort && publicPort !== 0) {
    problems.push({
      path: env.adminPort.name,
      value: String(adminPort),
      rule: `must differ from ${env.publicPort.name}: clients must not reach the operators' listener`,
      fix: 'choose another port',
    });
  }
  const configFile =
    read(env.configFile.name) ?? (mode === 'production' ? env.configFile.default : undefined);
  const region = read(env.region.name);
  const result = {
    mode,
    logLevel,
    ...(region !== undefined && { region }),
    ...(configFile !== undefined && { configFile }),
    secretsDirectory: read(env.secretsDirectory.name) ?? env.secretsDirectory.default,
    host: host(mode, read(env.host.name), problems),
    publicPort,
    adminPort,
  };
  if (problems.length > 0) {
    throw new InvalidInput('The environment of the process', problems, 'The gateway does not start.');
  }
  return result;
}

function oneOf<Value extends string>(
  values: readonly Value[],
  variable: { readonly name: string; readonly default: Value },
  read: (name: string) => string | undefined,
  problems: Problem[],
): Value {
  const text = read(variable.name);
  if (text === undefined) return variable.default;
  const value = values.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  problems.push({
    path: variable.name,
    value: JSON.stringify(text),
    rule: `must be one of ${values.join(', ')}`,
    fix: `use a value from the list, or unset it for ${variable.default}`,
  });
  return variable.default;
}

function port(
  variable: { readonly name: string; readonly default: number },
  read: (name: string) => string | undefined,
  problems: Problem[],
): number {
  const text = read(variable.name);
  if (text === undefined) return variable.default;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (value <= 65_535) return value;
  problems.push({
    path: variable.name,
    value: JSON.stringify(text),
    rule: 'must be a port: an integer from 0 to 65535, where 0 lets the system choose',
    fix: `correct it, or unset it for ${variable.default}`,
  });
  return variable.default;
}

/** Echo and anonymous access are allowed in development, so nobody but this machine may reach it. */
function host(mode: GatewayMode, text: string | undefined, problems: Problem[]): string {
  if (mode === 'production') return text ?? env.host.default;
  const value = text ?? '127.0.0.1';
  if (value !== 'localhost' && value !== '::1' && !(isIP(value) === 4 && value.startsWith('127.'))) {
    problems.push({
      path: env.host.name,
      value: JSON.stringify(value),
      rule: 'must be a loopback address in development mode, which lets anybody in without a key',
      fix: `unset ${env.host.name}, or set ${env.mode.name}=production`,
    });
  }
  return value;
}

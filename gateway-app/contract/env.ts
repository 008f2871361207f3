import { filePaths } from './paths';
import { ports } from './ports';

export const gatewayModes = ['production', 'development'] as const;
export type GatewayMode = (typeof gatewayModes)[number];

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The environment that the process reads at start. Everything else is in the configuration file, and no secret is in
 * either: secrets are files.
 */
export const env = {
  /**
   * `production` refuses the echo provider and anonymous access. `development` allows both, and in exchange listens on
   * loopback only. The default is `development`, because a forgotten variable must not open a listener to a network.
   */
  mode: { name: 'GATEWAY_MODE', default: 'development' },
  logLevel: { name: 'LOG_LEVEL', default: 'info' },
  /** Name of the region that it runs in: field `region` of every line of the log. Absent: no such field. */
  region: { name: 'GATEWAY_REGION' },
  /** Path of the configuration file. Absent in `development`: the built-in echo configuration. */
  configFile: { name: 'GATEWAY_CONFIG_FILE', default: filePaths.configFile },
  /** Folder that holds one file per secret. */
  secretsDirectory: { name: 'GATEWAY_SECRETS_DIR', default: filePaths.secretsDirectory },
  /** Address of both listeners. Default: every interface in `production`, 127.0.0.1 in `development`. */
  host: { name: 'HOST', default: '0.0.0.0' },
  publicPort: { name: 'PORT', default: ports.public.number },
  adminPort: { name: 'ADMIN_PORT', default: ports.admin.number },
} as const;

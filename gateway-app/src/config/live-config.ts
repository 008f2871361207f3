import type { GatewayMode } from '../../contract/env';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { builtinConfig } from './builtin';
import { checkConfig, loadConfigFile } from './load';
import type { Secrets } from './secrets';
import { watchFiles, type Watch } from './watch';

export interface ConfigSource {
  readonly mode: GatewayMode;
  /** Absent: the built-in configuration, which never changes. */
  readonly configFile?: string;
  readonly secrets: Secrets;
  readonly pollMs: number;
}

/** What the owner wants to hear. */
export interface ConfigEvents {
  /** A new configuration is valid and its secrets are read. Throwing refuses it. */
  onConfig(config: RuntimeConfig): void | Promise<void>;
  /** A new file was refused; the old configuration stays in use. */
  onRefused(error: Error): void;
  onSecrets(refreshed: { changed: string[]; refused: string[] }): void;
}

/**
 * Hands over the configuration once, and again each time its file changes.
 *
 * @returns What stops it.
 * @throws InvalidInput where the first configuration or a secret of it cannot be used.
 */
export async function followConfig(source: ConfigSource, events: ConfigEvents): Promise<Watch> {
  const { mode, configFile, secrets, pollMs } = source;
  const atStart = 'The gateway does not start.';
  if (configFile === undefined) {
    await events.onConfig(checkConfig(builtinConfig, mode, 'The built-in configuration', atStart));
    return { stop: () => undefined };
  }
  const load = async (consequence: string): Promise<void> => {
    const config = await loadConfigFile(configFile, mode, consequence);
    await secrets.load(config, consequence);
    await events.onConfig(config);
  };
  // Before the first load, so that a change during it is not missed.
  const watches = [
    await watchFiles(
      () => [configFile],
      pollMs,
      () =>
        load('The old configuration stays in use.').catch((error: unknown) => {
          events.onRefused(error instanceof Error ? error : new Error(String(error)));
        }),
    ),
    await watchFiles(
      () => secrets.paths,
      pollMs,
      async () => {
        events.onSecrets(await secrets.refresh());
      },
    ),
  ];
  const stop = (): void => {
    for (const watch of watches) watch.stop();
  };
  try {
    await load(atStart);
  } catch (error) {
    stop();
    throw error;
  }
  return { stop };
}

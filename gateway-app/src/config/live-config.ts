import { join } from 'node:path';
import type { GatewayMode } from '../../contract/env';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { secretFilesOf } from '../../contract/secret-files';
import { builtinConfig } from './builtin';
import { checkConfig, loadConfigFile } from './load';
import { Secrets } from './secrets';
import { watchFiles, type Watch } from './watch';

export interface ConfigSource {
  readonly mode: GatewayMode;
  /** Absent: the built-in configuration, which never changes. */
  readonly configFile?: string;
  readonly secretsDirectory: string;
  readonly pollMs: number;
}

/** What the owner wants to hear. */
export interface ConfigEvents {
  /** A new configuration is valid and its secrets are read. Throwing refuses it. */
  onConfig(config: RuntimeConfig, secrets: Secrets): void | Promise<void>;
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
  const { mode, configFile, secretsDirectory, pollMs } = source;
  const atStart = 'The gateway does not start.';
  let secrets: Secrets | undefined;
  const use = async (config: RuntimeConfig, consequence: string): Promise<void> => {
    const loaded = await Secrets.load(secretsDirectory, config, consequence);
    await events.onConfig(config, loaded);
    secrets = loaded;
  };
  if (configFile === undefined) {
    await use(checkConfig(builtinConfig, mode, 'The built-in configuration', atStart), atStart);
    return { stop: () => undefined };
  }
  /** Files that a refused configuration names. Its secrets may come later than itself. */
  let awaited: readonly string[] = [];
  let refusal: string | undefined;
  const load = async (consequence: string): Promise<void> => {
    awaited = [];
    const config = await loadConfigFile(configFile, mode, consequence);
    awaited = secretFilesOf(config).map(({ name }) => join(secretsDirectory, name));
    await use(config, consequence);
    awaited = [];
    refusal = undefined;
  };
  const reload = async (isAnotherTry: boolean): Promise<void> => {
    try {
      await load('The old configuration stays in use.');
    } catch (error) {
      const refused = error instanceof Error ? error : new Error(String(error));
      if (!isAnotherTry || refused.message !== refusal) events.onRefused(refused);
      refusal = refused.message;
    }
  };
  // One after the other, else a slow reading of the old file could replace the new one.
  let last = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => (last = last.then(step));
  // Before the first load, so that a change during it is not missed.
  const watches = [
    await watchFiles(
      () => [configFile],
      pollMs,
      () => inTurn(() => reload(false)),
    ),
    await watchFiles(
      () => [...(secrets?.paths ?? []), ...awaited],
      pollMs,
      () =>
        inTurn(async () => {
          if (secrets !== undefined) events.onSecrets(await secrets.refresh());
          if (awaited.length > 0) await reload(true);
        }),
    ),
  ];
  const stop = (): void => {
    for (const watch of watches) watch.stop();
  };
  const first = load(atStart);
  last = first.catch(() => undefined);
  try {
    await first;
  } catch (error) {
    stop();
    throw error;
  }
  return { stop };
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const name = '@portkey-ai/gateway';
const version = '1.15.2';
const fetchMs = 120_000;

/** Title of its line. */
export const portkeyTitle = `Portkey ${version}`;

/** How it learns whom to ask. */
export const portkeyHeaders = (providerPort: number): Record<string, string> => ({
  'x-portkey-provider': 'openai',
  'x-portkey-custom-host': `http://127.0.0.1:${providerPort}/v1`,
});

/**
 * Fetches the gateway that the field compares itself with into `directory`.
 *
 * @returns The file to start; undefined where no registry can be reached.
 */
export async function fetchPortkey(directory: string): Promise<string | undefined> {
  const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel=error'];
  const npm = join(process.execPath, '../npm');
  try {
    await promisify(execFile)(
      existsSync(npm) ? npm : 'npm',
      ['install', '--prefix', directory, ...options, `${name}@${version}`],
      { timeout: fetchMs, cwd: directory },
    );
  } catch {
    return undefined;
  }
  return join(directory, 'node_modules', name, 'build/start-server.js');
}

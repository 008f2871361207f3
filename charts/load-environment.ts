import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, parse, resolve } from 'node:path';
import type { EnvironmentInput } from './config/types';
import { SynthError } from './kit/synth-error';

const ownEnvironments = join(__dirname, 'config', 'environments');
const nothingWritten = 'No manifest is written.';

/** An environment as its file exports it, not yet validated. */
export interface LoadedEnvironment {
  readonly path: string;
  readonly input: EnvironmentInput;
}

/**
 * Loads an environment module.
 *
 * @param nameOrPath A name from `charts/config/environments`, or the path of a TypeScript or JavaScript file.
 * @throws SynthError where there is none, it can't be loaded, or it has no default export.
 */
export function loadEnvironment(nameOrPath: string): LoadedEnvironment {
  const path = pathOf(nameOrPath);
  const exported = load(path);
  if (typeof exported !== 'object' || exported === null || !('default' in exported)) {
    throw new SynthError(
      `${path} has no default export.`,
      nothingWritten,
      'export the environment: `export default environment`',
    );
  }
  return { path, input: exported.default as EnvironmentInput };
}

function pathOf(nameOrPath: string): string {
  const isName = /^[a-z0-9-]+$/.test(nameOrPath);
  const path = isName ? join(ownEnvironments, nameOrPath + parse(__filename).ext) : resolve(nameOrPath);
  if (existsSync(path)) return path;
  const names = readdirSync(ownEnvironments)
    .filter((file) => !file.endsWith('.d.ts'))
    .map((file) => parse(file).name);
  throw new SynthError(
    `--environment ${nameOrPath}: there is no ${isName ? 'environment of this name' : 'such file'}.`,
    nothingWritten,
    `give one of ${[...new Set(names)].join(', ')}, or a path with a slash in it`,
  );
}

function load(path: string): unknown {
  try {
    return createRequire(__filename)(path);
  } catch (error) {
    const missing = missingPackage(error);
    if (missing !== undefined) {
      throw new SynthError(
        `${path} needs the module ${missing}, which is not found from its folder.`,
        nothingWritten,
        'put the file inside a folder where cdk8s and what else it imports is installed, e.g. this project',
      );
    }
    const { place, message } = describe(error, path);
    throw new SynthError(
      `${place} could not be evaluated: ${message}.`,
      nothingWritten,
      'correct the value at that place',
    );
  }
}

/** Node looks for packages in the folders above the file, not where the synth was started. */
function missingPackage(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error && 'message' in error))
    return undefined;
  if (error.code !== 'MODULE_NOT_FOUND') return undefined;
  // A file is no package: its path is wrong, wherever the environment lies.
  return /Cannot find module '([^'./][^']*)'/.exec(String(error.message))?.[1];
}

/** Unit types throw while the file is evaluated, so the field is known by line and column only. */
function describe(error: unknown, path: string): { place: string; message: string } {
  if (!(error instanceof Error)) return { place: path, message: String(error) };
  const frame = error.stack?.split('\n').find((line) => line.includes(`${path}:`));
  const position = frame === undefined ? undefined : /:(\d+:\d+)\)?$/.exec(frame)?.[1];
  const message = error.message.split('\n')[0] ?? '';
  return { place: position === undefined ? path : `${path}:${position}`, message };
}

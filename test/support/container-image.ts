import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { findProgram, program, type Program } from './programs';

const root = join(__dirname, '../..');

/** podman, or docker where its engine answers: a docker client alone builds nothing. */
export const containerEngine: Program =
  findProgram('podman') === undefined && dockerAnswers() ? 'docker' : 'podman';

/**
 * Builds the Dockerfile. Where the base images cannot be pulled, `GATEWAY_IMAGE_BUILD` names a program that builds in
 * place of the engine: it is called as `PROGRAM CONTEXT TAG`, finds the Dockerfile by `DOCKERFILE`, and prints
 * `TAG@DIGEST`.
 *
 * @returns The image's digest, or its id where nothing was pushed: either names the content.
 */
export function buildImage(tag: string): string {
  const dockerfile = join(root, 'gateway-app/Dockerfile');
  const builder = process.env['GATEWAY_IMAGE_BUILD'];
  if (builder !== undefined) {
    const output = run(builder, [root, tag], { ...process.env, DOCKERFILE: dockerfile });
    return output.trim().split('@').at(-1) ?? '';
  }
  const timestamp =
    containerEngine === 'podman' ? ['--timestamp', '0'] : ['--build-arg', 'SOURCE_DATE_EPOCH=0'];
  engine('build', '--no-cache', ...timestamp, '--file', dockerfile, '--tag', tag, root);
  return engine('image', 'inspect', '--format', '{{.Id}}', tag).trim();
}

/** Runs one command of the engine and returns what it printed. */
export function engine(...args: string[]): string {
  return run(program(containerEngine), args, process.env);
}

/** What the Deployment demands of the container, as flags of the engine. */
const asDeployed = [
  'run',
  '--rm',
  '--pull=never',
  '--read-only',
  '--tmpfs=/tmp:rw,nosuid,nodev,noexec,size=64m',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  // podman's own defaults for these are above what some hosts let it set.
  '--ulimit=nofile=1024:1024',
  '--ulimit=nproc=4096:4096',
  '--network=host',
  ...(containerEngine === 'podman' ? ['--read-only-tmpfs=false'] : []),
];

const engineOptions =
  containerEngine === 'podman' && findProgram('runc') !== undefined ? ['--runtime=runc'] : [];

/** Runs a script on the image's own Node.js and returns what it printed. */
export function inContainer(tag: string, script: string): string {
  return engine(...engineOptions, ...asDeployed, '--entrypoint=/nodejs/bin/node', tag, '-e', script);
}

/** Starts the image as it is, in the foreground; a signal to the process reaches the gateway. */
export function startContainer(tag: string, options: readonly string[]): ChildProcess {
  return spawn(program(containerEngine), [...engineOptions, ...asDeployed, ...options, tag], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function dockerAnswers(): boolean {
  const docker = findProgram('docker');
  return docker !== undefined && spawnSync(docker, ['info'], { stdio: 'ignore' }).status === 0;
}

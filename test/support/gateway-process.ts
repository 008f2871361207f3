import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { waitFor } from './wait';

const repository = resolve(__dirname, '../..');

/** A real process of the gateway. */
export class GatewayProcess {
  output = '';
  readonly #exited: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.#exited = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** @param script Path in the repository. */
  static start(script: string, variables: Record<string, string>, ...args: string[]): GatewayProcess {
    const command = ['-r', 'ts-node/register/transpile-only', script, ...args];
    const { PATH = '', TS_NODE_PROJECT } = process.env;
    const env = { PATH, ...(TS_NODE_PROJECT !== undefined && { TS_NODE_PROJECT }), ...variables };
    return new GatewayProcess(spawn(process.execPath, command, { cwd: repository, env }));
  }

  /** Resolves with the public and the admin URL, as the log tells them. */
  async listening(): Promise<{ url: string; adminUrl: string }> {
    const line = await waitFor(
      'the gateway to listen',
      () => this.output.split('\n').find((candidate) => candidate.includes('"msg":"listening"')),
      60_000,
      () => (this.child.exitCode === null ? undefined : this.output),
    );
    const { public: publicAddress, admin } = JSON.parse(line) as { public: string; admin: string };
    return { url: `http://${publicAddress}`, adminUrl: `http://${admin}` };
  }

  /** Resolves with the exit code; null where a signal ended it. */
  exited(): Promise<number | null> {
    return this.#exited;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }
}

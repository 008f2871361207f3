import { createClient } from '@redis/client';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports';
import { type Guarded, startGuarded } from './guarded';
import { program } from './programs';
import { waitFor } from './wait';

/** A real redis-server on loopback that can be hung, killed and started again. */
export class RedisServer {
  private constructor(
    readonly port: number,
    private readonly flags: readonly string[],
    private guarded: Guarded,
  ) {}

  /**
   * @param flags Added to the command line. Nothing is ever written to disk.
   * @throws Error where it does not answer.
   */
  static async start(...flags: string[]): Promise<RedisServer> {
    const [port] = (await freePorts(1)) as [number];
    const server = new RedisServer(port, flags, await launch(port, flags));
    await server.#answers();
    return server;
  }

  /** It keeps its connections, and answers nothing. */
  hang(): void {
    process.kill(this.guarded.pids[0]!, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.guarded.pids[0]!, 'SIGCONT');
  }

  kill(): Promise<void> {
    return this.guarded.stop();
  }

  /** Starts again, empty, at the same port. */
  async restart(): Promise<void> {
    this.guarded = await launch(this.port, this.flags);
    await this.#answers();
  }

  /** Runs one command as an operator would. */
  async command(...words: string[]): Promise<unknown> {
    const client = createClient({
      socket: { host: '127.0.0.1', port: this.port, reconnectStrategy: false },
      RESP: 2,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  async #answers(): Promise<void> {
    await waitFor(
      'redis-server',
      async () => {
        try {
          return (await this.command('PING')) === 'PONG';
        } catch (error) {
          if (String(error).includes('NOAUTH')) return true;
          throw error;
        }
      },
      10_000,
      () => this.guarded.failure(),
    );
  }
}

function launch(port: number, flags: readonly string[]): Promise<Guarded> {
  const directory = mkdtempSync(join(tmpdir(), 'redis-'));
  return startGuarded({
    directory,
    programs: [
      {
        command: [
          program('redis-server'),
          ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory],
          ...['--save', '', '--appendonly', 'no', ...flags],
        ],
        logFile: join(directory, 'redis.log'),
      },
    ],
  });
}

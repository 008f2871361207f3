import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pinned } from '../gateway/machine';
import type { Order, Ports } from './messages';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The provider and the drivers of one benchmark. They end with this process, or with {@link stop}. */
export class Processes {
  readonly #children: ChildProcess[] = [];

  constructor(private readonly certificate: Certificate) {}

  /** @param faultShare Share of requests that are answered wrongly. */
  provider(core: number | undefined, faultShare = 0): Promise<Ports> {
    const { cert: CERT, key: KEY } = this.certificate;
    return message(this.#start(core, 'provider.ts', [], { CERT, KEY, FAULTS: String(faultShare) }));
  }

  driver(core: number | undefined, origin: string, implementation: 'http1' | 'undici' = 'http1'): Driver {
    return new Driver(
      this.#start(core, 'driver.ts', [implementation, origin], { CERT: this.certificate.cert }),
    );
  }

  stop(): void {
    for (const child of this.#children) if (child.connected) child.disconnect();
  }

  #start(
    core: number | undefined,
    file: string,
    args: readonly string[],
    environment: Record<string, string>,
  ): ChildProcess {
    const [execPath, ...pinning] = pinned(core, [process.execPath]);
    const child = fork(join(__dirname, file), args, {
      execPath,
      execArgv: [...pinning, '-r', 'ts-node/register/transpile-only'],
      env: { ...process.env, ...environment },
    });
    this.#children.push(child);
    return child;
  }
}

/** A process that asks one origin. */
export class Driver {
  constructor(private readonly child: ChildProcess) {}

  async tell<Result>(order: Order): Promise<Result> {
    this.child.send(order);
    return await message<Result>(this.child);
  }

  stop(): void {
    this.child.disconnect();
  }
}

async function message<Result>(child: ChildProcess): Promise<Result> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('A process of the benchmark ended; what it said stands above. Nothing was measured.');
  });
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [Result];
  return result;
}

import { isIP } from 'node:net';
import { createClient } from '@redis/client';
import { Deadline } from './deadline';
import type { Script } from './redis-scripts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Authorities in PEM in place of the public ones; asked for each connection. */
  readonly ca?: () => string;
  readonly username?: string;
  /** Asked for each connection, so that a rotated password is found. */
  readonly password?: () => string;
}

export interface LinkTimings {
  /** A call that takes longer has failed, and with it the connection. */
  readonly callMs: number;
  /** To connect, authenticate and load the scripts. */
  readonly connectMs: number;
  /** Pause before the first new attempt; it doubles with each that fails. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
}

/** What the owner does with a connection. */
export interface LinkEvents {
  /** Before a new connection is used. Rejecting refuses it. */
  onConnected(): Promise<void>;
  onUp(): void;
  onDown(reason: string): void;
}

type Client = ReturnType<typeof connectionTo>;

/**
 * One connection to Redis that is used only while it answers in time. The first call that does not ends it; until a new one
 * has proven itself in the background, calls fail at once: no request waits for a Redis that is known to be away.
 */
export class RedisLink {
  #client: Client | undefined;
  #up = false;
  #closed = false;
  #upSinceMs = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  /** @param scripts All that will be called; loaded into each new connection's server. */
  constructor(
    private readonly address: RedisAddress,
    private readonly timings: LinkTimings,
    private readonly scripts: readonly Script[],
    private readonly events: LinkEvents,
  ) {}

  get isUp(): boolean {
    return this.#up;
  }

  open(): void {
    void this.#connect();
  }

  /** Rejects after `callMs`. Calls of one turn of the event loop leave in one write. */
  call(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    return this.send(['EVALSHA', script.sha1, ...rest]).catch((error: unknown) => {
      // Redis forgets its scripts when it restarts, and on SCRIPT FLUSH.
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return this.send(['EVAL', script.source, ...rest]);
    });
  }

  send(command: string[]): Promise<unknown> {
    const client = this.#client;
    if (client === undefined) return Promise.reject(new Error('not connected'));
    const deadline = new Deadline(this.timings.callMs, () => {
      this.#fail(client, `no answer within ${this.timings.callMs} ms`);
    });
    return client.sendCommand(command).then(
      (reply) => {
        deadline.clear();
        return reply;
      },
      (error: unknown) => {
        deadline.clear();
        const message = messageOf(error);
        if (!message.startsWith('NOSCRIPT')) this.#fail(client, message);
        throw error;
      },
    );
  }

  /** The connection is of no use any more, though it may still answer. */
  condemn(reason: string): void {
    if (this.#client !== undefined) this.#fail(this.#client, reason);
  }

  close(): void {
    this.#closed = true;
    this.#up = false;
    clearTimeout(this.#retry);
    this.#client?.destroy();
    this.#client = undefined;
  }

  async #connect(): Promise<void> {
    const { connectMs } = this.timings;
    let client: Client | undefined;
    try {
      client = connectionTo(this.address, connectMs);
      const connecting = client;
      connecting.on('error', (error: unknown) => {
        this.#fail(connecting, messageOf(error));
      });
      const deadline = new Deadline(connectMs, () => {
        this.#fail(connecting, `no connection within ${connectMs} ms`);
      });
      this.#client = connecting;
      try {
        await connecting.connect();
        for (const { source } of this.scripts) await connecting.sendCommand(['SCRIPT', 'LOAD', source]);
      } finally {
        deadline.clear();
      }
      await this.events.onConnected();
      if (this.#client !== connecting) throw new Error('the connection broke at once');
      this.#up = true;
      this.#upSinceMs = performance.now();
      this.events.onUp();
    } catch (error) {
      // Given up while it was connecting, it may have come to life since.
      if (client !== undefined && client !== this.#client) client.destroy();
      else this.#fail(client, messageOf(error));
    }
  }

  #fail(client: Client | undefined, reason: string): void {
    if (client !== this.#client || this.#closed) return;
    // A connection that never lasts must not be tried at the pace of one that was good for hours.
    if (this.#up && performance.now() - this.#upSinceMs > this.timings.retryMaxMs) this.#failures = 0;
    this.#up = false;
    this.#client = undefined;
    client?.destroy();
    const { retryMinMs, retryMaxMs } = this.timings;
    const pauseMs = Math.min(retryMaxMs, retryMinMs * 2 ** this.#failures);
    this.#failures += 1;
    // Spread, so that the replicas do not all come back in the same moment.
    this.#retry = setTimeout(() => void this.#connect(), pauseMs * (0.5 + Math.random() / 2));
    this.#retry.unref();
    this.events.onDown(reason);
  }
}

function connectionTo(address: RedisAddress, connectMs: number) {
  const { username, password } = address;
  return createClient({
    socket: { ...socketOf(address), connectTimeout: connectMs, reconnectStrategy: false },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: password() }),
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // The client's own bound makes an AbortSignal per command, and ends only those not yet sent.
    commandOptions: { timeout: 0 },
  });
}

function socketOf({ host, port, tls, ca }: RedisAddress) {
  if (!tls) return { host, port };
  // Said outright, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off.
  const checks = { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const };
  return {
    host,
    port,
    tls,
    ...checks,
    // Node names nobody by itself, and a mesh or a managed Redis tells its servers apart by the name.
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca: ca() }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

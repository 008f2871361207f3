import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';

/** Keeps an answer for as long as its TTL says, and not a moment longer. */
export class CachingResolver {
  #name: string | undefined;
  #expires = 0;
  #lastId = 0;

  constructor(private readonly serverPort: number) {}

  /** @returns What the name is an alias of. */
  async canonicalName(name: string): Promise<string> {
    if (this.#name !== undefined && Date.now() < this.#expires) return this.#name;
    const { canonicalName, ttlSeconds } = await this.ask(name);
    this.#name = canonicalName;
    this.#expires = Date.now() + ttlSeconds * 1000;
    return canonicalName;
  }

  private async ask(name: string): Promise<{ canonicalName: string; ttlSeconds: number }> {
    const socket = createSocket('udp4');
    try {
      const id = (this.#lastId = (this.#lastId + 1) % 65_536);
      const answered = once(socket, 'message', { signal: AbortSignal.timeout(5_000) });
      socket.send(
        encode({ type: 'query', id, flags: 0x0100, questions: [{ type: 'A', name, class: 'IN' }] }),
        this.serverPort,
        '127.0.0.1',
      );
      const [message] = (await answered) as [Buffer];
      const alias = decode(message).answers?.find(({ type }) => type === 'CNAME');
      if (alias?.type !== 'CNAME') throw new Error(`${name} does not exist.`);
      return { canonicalName: alias.data, ttlSeconds: alias.ttl ?? 0 };
    } finally {
      socket.close();
    }
  }
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import type { Answer } from './route53';

/** A name server on a free loopback port, which asks for each answer anew. */
export class DnsServer {
  /** Each change of what a name leads to, in order. */
  readonly changes: string[] = [];

  private constructor(
    private readonly socket: Socket,
    readonly port: number,
  ) {}

  static async start(answer: (name: string) => Answer | undefined): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const server = new DnsServer(socket, socket.address().port);
    socket.on('message', (message, { port, address }) => {
      socket.send(server.reply(message, answer), port, address);
    });
    return server;
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private reply(message: Buffer, answer: (name: string) => Answer | undefined): Buffer {
    const { id = 0, questions = [] } = decode(message);
    const name = questions[0]?.name ?? '';
    const found = answer(name);
    if (found === undefined) return encode({ type: 'response', id, questions, flags: 0x0403 });
    if (this.changes.at(-1) !== found.canonicalName) this.changes.push(found.canonicalName);
    return encode({
      type: 'response',
      id,
      // Authoritative.
      flags: 0x0400,
      questions,
      answers: [
        { type: 'CNAME', name, ttl: found.ttlSeconds, data: found.canonicalName },
        { type: 'A', name: found.canonicalName, ttl: found.ttlSeconds, data: '127.0.0.1' },
      ],
    });
  }
}

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { waitFor } from '../../support/wait';
import { claim, fastTimings, redisStore, tenant } from '../store-support';

/** A server whose first reply begins like this and goes on without end. */
class EndlessServer {
  connections = 0;
  closed = 0;
  readonly #server: Server;

  constructor(begin: string, rest: string) {
    const chunk = Buffer.from(rest.repeat(16 * 1024));
    this.#server = createServer((socket) => {
      this.connections += 1;
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.closed += 1;
      });
      socket.once('data', () => {
        socket.write(begin);
        pump(socket, chunk);
      });
    });
  }

  async port(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }
}

function pump(socket: Socket, chunk: Buffer): void {
  while (!socket.destroyed && socket.write(chunk));
  if (!socket.destroyed) {
    socket.once('drain', () => {
      pump(socket, chunk);
    });
  }
}

describe('A Redis whose reply never ends', () => {
  it.each([
    ['a text of ten billion bytes', '$9999999999\r\n', 'x'],
    ['a list of a billion members', '*999999999\r\n', ':1\r\n'],
    ['lists within lists', '', '*1\r\n'],
    ['a line without an end', '+', 'x'],
    ['errors', '', '-ERR no\r\n'],
    ['replies that nobody asked for', '', ':1\r\n'],
  ])('(%s) is left, and each claim is decided by the share of this replica', async (_, begin, rest) => {
    const server = new EndlessServer(begin, rest);
    const timings = { ...fastTimings, connectMs: 100, retryMaxMs: 20 };
    const { store } = redisStore(await server.port(), { timeoutMs: 50, maxReplicas: 2, timings });
    // What was read so far is let go with each connection.
    await waitFor('three connections to be given up', async () => {
      const decision = await store.reserve(claim(tenant({ requests: { perSecond: 1, burst: 2 } })));
      expect(decision.grant ?? { local: true }).toMatchObject({ local: true });
      return server.closed >= 3;
    });
    await store.close();
    await waitFor('the last connection to end', () => server.closed === server.connections);
    server.close();
  });
});

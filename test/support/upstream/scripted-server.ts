import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What the server does with its nth connection, counted from 0. */
export type Script = (connection: ServerConnection, index: number) => Promise<void> | void;

/** The server's end of one connection: sends exactly the bytes it is told to. */
export class ServerConnection {
  /** All bytes so far that `request` has not taken. */
  received = '';
  ended = false;
  readonly closed: Promise<void>;
  #wake: (() => void) | undefined;

  /** @param tcp What is below `socket`: itself, or with TLS the socket that carries it. */
  constructor(
    readonly socket: Socket,
    private readonly tcp: Socket = socket,
  ) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (text: string) => {
      this.received += text;
      this.#wake?.();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.ended = true;
        this.#wake?.();
        resolve();
      });
    });
  }

  /** The next whole request. Empty where the client has ended the connection instead. */
  async request(): Promise<string> {
    for (;;) {
      const end = requestEnd(this.received);
      if (end <= this.received.length) {
        const request = this.received.slice(0, end);
        this.received = this.received.slice(end);
        return request;
      }
      if (this.ended) return '';
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  send(bytes: string | Buffer): void {
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
  }

  /** Each piece in a turn of the event loop of its own, so that the client reads it alone. */
  async sendEach(pieces: Iterable<string>): Promise<void> {
    for (const piece of pieces) {
      this.send(piece);
      await nextTurn();
    }
  }

  /** What was sent, and then the end of the connection. */
  end(): void {
    this.socket.end();
  }

  /** The end of the connection, in both directions. */
  close(): void {
    this.socket.destroy();
  }

  /** A TCP reset, as by a process that died or a load balancer that forgot the connection. */
  reset(): void {
    this.tcp.resetAndDestroy();
  }
}

/** A server on a real socket that speaks no HTTP of its own. */
export class ScriptedServer {
  readonly connections: ServerConnection[] = [];
  readonly #failures: unknown[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(script: Script, tls?: TlsOptions): Promise<ScriptedServer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    // A client that refuses the certificate breaks the handshake: that is its right.
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const scripted = new ScriptedServer(
      server,
      `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    );
    const carriers = new Map<number | undefined, Socket>();
    server.on('connection', (socket: Socket) => carriers.set(socket.remotePort, socket));
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      const connection = new ServerConnection(socket, carriers.get(socket.remotePort));
      const index = scripted.connections.push(connection) - 1;
      Promise.resolve(script(connection, index)).catch((error: unknown) => scripted.#failures.push(error));
    });
    return scripted;
  }

  /** @throws What a script has thrown. */
  async close(): Promise<void> {
    this.server.close();
    for (const connection of this.connections) connection.close();
    await once(this.server, 'close');
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

function requestEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return Infinity;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? '0';
  return head + 4 + Number(length);
}

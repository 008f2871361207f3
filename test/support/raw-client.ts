import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitFor } from './wait';

/** A client that sends any bytes and reads what comes back. */
export class RawClient {
  received = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Resolves when this has come. */
  async receives(pattern: RegExp): Promise<void> {
    await waitFor(`${String(pattern)} from the gateway`, () => pattern.test(this.received));
  }

  /** Resolves with all that came, once the other side has closed. */
  async untilClosed(): Promise<string> {
    await waitFor('the gateway to close the connection', () => this.closed);
    return this.received;
  }
}

/** A chat completion as bytes. */
export function rawChat(body: string, extraHeaders = ''): string {
  const length = Buffer.byteLength(body);
  return (
    'POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${length}\r\n${extraHeaders}\r\n${body}`
  );
}

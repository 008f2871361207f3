import type { IncomingMessage } from 'node:http';

const maxDiscardedBytes = 1024 * 1024;
const lingerMs = 1_000;

/**
 * Closes the connection of a request whose body was not read, after its answer.
 *
 * Closing at once, with bytes of the client still unread, makes the kernel send a reset, and the client's kernel then
 * throws the answer away before the client has seen it. So a little more is read and thrown away, for a short while.
 */
export function lingerThenClose(request: IncomingMessage): void {
  const { socket } = request;
  // node:http calls this once the answer is written.
  socket.destroySoon = () => {
    socket.end();
    let discardedBytes = 0;
    request.on('data', (chunk: Buffer) => {
      discardedBytes += chunk.length;
      if (discardedBytes > maxDiscardedBytes) request.pause();
    });
    const timer = setTimeout(() => {
      socket.destroy();
    }, lingerMs);
    timer.unref();
    socket.once('close', () => {
      clearTimeout(timer);
    });
    request.once('end', () => {
      socket.destroy();
    });
  };
}

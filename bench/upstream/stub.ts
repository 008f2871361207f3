/**
 * The provider: answers, or streams chunks, on a plain and on a TLS port. It finds a request's end by its headers and parses
 * nothing else, so that the clients meet their limit before the stub's.
 *
 * Started by ../upstream.ts with a certificate and its key in the environment.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { answer } from '../gateway/exchange';
import { chunkBytes, chunkIntervalMs, chunksPerStream, streamPath } from './messages';

const wholeAnswer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
);
const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = Buffer.from(
  `${chunkBytes.toString(16)}\r\ndata: ${'x'.repeat(chunkBytes - 'data: \n\n'.length)}\n\n\r\n`,
);
const streamStart = Buffer.from(streamHead + chunk.toString());
const lastChunk = Buffer.from('0\r\n\r\n');

function requestEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return Infinity;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? '0';
  return head + 4 + Number(length);
}

function stream(socket: Socket): void {
  socket.write(streamStart);
  let sent = 1;
  const timer = setInterval(() => {
    socket.write(chunk);
    sent += 1;
    if (sent < chunksPerStream) return;
    socket.write(lastChunk);
    clearInterval(timer);
  }, chunkIntervalMs);
  socket.once('close', () => {
    clearInterval(timer);
  });
}

function serve(socket: Socket): void {
  let received = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    received += text;
    for (let end = requestEnd(received); end <= received.length; end = requestEnd(received)) {
      if (received.startsWith(`POST ${streamPath} `)) stream(socket);
      else socket.write(wholeAnswer);
      received = received.slice(end);
    }
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // All streams may connect within one turn of the event loop.
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function main(): Promise<void> {
  const { CERT: cert = '', KEY: key = '' } = process.env;
  process.send?.({
    plain: await listen(createServer(serve)),
    tls: await listen(createTlsServer({ cert, key }, serve)),
  });
}

process.on('disconnect', () => process.exit());
void main();

/**
 * The provider: answers, or streams chunks, on a plain and on a TLS port. It finds a request's end by its headers and looks
 * for `"stream":true`, and parses nothing else, so that the clients meet their limit before it does.
 *
 * Started by ./processes.ts with a certificate and its key in the environment; `FAULTS` is the share of requests that it
 * answers wrongly.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import {
  answer,
  chunkIntervalMs,
  chunksPerStream,
  endMark,
  tokenEvent,
  usageEvent,
} from '../gateway/exchange';

const head = (status: string, type: string, framing: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\n${framing}\r\n\r\n`;
const whole = (status: string, body: string): Buffer =>
  Buffer.from(head(status, 'application/json', `content-length: ${body.length}`) + body);
const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

const wholeAnswer = whole('200 OK', answer);
const failure = whole('500 Oops', '{"error":{"message":"The provider fails.","type":"server_error"}}');
const chunk = Buffer.from(chunked(tokenEvent));
const streamStart = Buffer.from(
  head('200 OK', 'text/event-stream', 'transfer-encoding: chunked') + chunk.toString(),
);
const streamEnd = Buffer.from(`${chunked(usageEvent + endMark)}0\r\n\r\n`);
const faultShare = Number(process.env['FAULTS'] ?? 0);

function requestEnd(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return Infinity;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? '0';
  return end + 4 + Number(length);
}

/** @param chunks After so many it breaks off where `cut`. */
function stream(socket: Socket, chunks: number, cut: boolean): void {
  socket.write(streamStart);
  let sent = 1;
  const timer = setInterval(() => {
    sent += 1;
    if (sent < chunks) {
      socket.write(chunk);
      return;
    }
    stop();
    if (cut) socket.destroy();
    else socket.write(streamEnd);
  }, chunkIntervalMs);
  const stop = (): void => {
    clearInterval(timer);
    socket.off('close', stop);
  };
  socket.on('close', stop);
}

/** A status, a connection that breaks before the answer, or one that breaks in its middle. */
function misbehave(socket: Socket, streamed: boolean): void {
  const kind = Math.random() * 3;
  if (kind < 1) socket.write(failure);
  else if (kind < 2) socket.destroy();
  else if (streamed) stream(socket, chunksPerStream / 2, true);
  else {
    socket.write(wholeAnswer.subarray(0, wholeAnswer.length / 2));
    socket.end();
  }
}

function serve(socket: Socket): void {
  let received = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    received += text;
    for (let end = requestEnd(received); end <= received.length; end = requestEnd(received)) {
      const streamed = received.slice(0, end).includes('"stream":true');
      if (faultShare > 0 && Math.random() < faultShare) misbehave(socket, streamed);
      else if (streamed) stream(socket, chunksPerStream, false);
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

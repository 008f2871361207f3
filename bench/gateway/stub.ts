/**
 * The provider of a machine without nginx: answers every request with the same bytes. It finds a request's end by the
 * headers alone and parses nothing else, so that the load meets the gateway's limit before the stub's.
 *
 * Usage: node stub.js PORT
 */
import { createServer } from 'node:net';
import { answer } from './exchange';

const response = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
);
const headerEnd = '\r\n\r\n';

createServer((socket) => {
  let received = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    received += text;
    for (let end = requestEnd(received); end <= received.length; end = requestEnd(received)) {
      received = received.slice(end);
      socket.write(response);
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

function requestEnd(text: string): number {
  const headers = text.indexOf(headerEnd);
  if (headers === -1) return Infinity;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, headers))?.[1] ?? '0';
  return headers + headerEnd.length + Number(length);
}

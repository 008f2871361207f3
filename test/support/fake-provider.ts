import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificate } from './certificate';

/** A request as the provider received it. */
export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Resolves when the connection or the answer has ended. */
  readonly closed: Promise<void>;
}

/** What the provider does with one request. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void;

export interface FakeProvider {
  /** Up to and including the version. */
  readonly baseUrl: string;
  readonly received: ReceivedRequest[];
  /** For the requests from now on. */
  behave(behaviour: Behaviour): void;
  /** Resolves with the request at this position, as soon as it has come. */
  request(index: number): Promise<ReceivedRequest>;
  /** Resolves when the connection or the answer of the request at this position has ended. */
  closeOf(index: number): Promise<void>;
  close(): Promise<void>;
}

/** A scripted provider on a real socket. Until told otherwise it answers with a short JSON completion. */
export async function startFakeProvider(certificate?: Certificate): Promise<FakeProvider> {
  let behaviour: Behaviour = answersJson(completion('Hello'));
  const received: ReceivedRequest[] = [];
  const waiting: (() => void)[] = [];
  const sockets = new Set<Socket>();
  const serve: RequestListener = (incoming, response) => {
    const closed = once(response, 'close').then(() => undefined);
    void text(incoming).then(
      (body) => {
        const request = { url: incoming.url ?? '', headers: incoming.headers, body, closed };
        received.push(request);
        for (const wake of waiting.splice(0)) wake();
        behaviour(response, request);
      },
      () => undefined,
    );
  };
  const server = certificate === undefined ? createServer(serve) : createTlsServer({ ...certificate }, serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const request = async (index: number): Promise<ReceivedRequest> => {
    while (received[index] === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
    return received[index];
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    behave: (next) => {
      behaviour = next;
    },
    request,
    closeOf: async (index) => (await request(index)).closed,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

export const answersJson =
  (body: object, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

/** Each text is written as it is, in a turn of its own. */
export const streams =
  (...chunks: string[]): Behaviour =>
  (response) => {
    beginStream(response);
    void writeEach(response, chunks).then(() => response.end());
  };

/** Like {@link streams}, then the connection breaks. */
export const streamsThenBreaks =
  (...chunks: string[]): Behaviour =>
  (response) => {
    beginStream(response);
    void writeEach(response, chunks).then(() => response.socket?.destroy());
  };

/** Like {@link streams}, then nothing more comes. */
export const streamsThenHangs =
  (...chunks: string[]): Behaviour =>
  (response) => {
    beginStream(response);
    void writeEach(response, chunks);
  };

/** Bytes in place of an HTTP answer; the connection ends after them. */
export const answersBytes =
  (bytes: string): Behaviour =>
  (response) => {
    response.socket?.end(bytes);
  };

export const neverAnswers: Behaviour = () => undefined;

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

async function writeEach(response: ServerResponse, chunks: string[]): Promise<void> {
  for (const chunk of chunks) {
    await new Promise<void>((resolve) => {
      response.write(chunk, () => {
        setImmediate(resolve);
      });
    });
  }
}

export const done = 'data: [DONE]\n\n';

export function completion(content: string): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'provider-model',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

/** One event of a streamed completion. */
export function chunkEvent(content: string): string {
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'provider-model',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

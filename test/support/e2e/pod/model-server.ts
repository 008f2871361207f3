/**
 * Runs inside a pod: a scripted OpenAI-compatible model server. The content of the last message is the script; the
 * answer's text is the credentials that the request came with, so that a client sees which key the gateway used.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

interface ChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly content: string }[];
}

interface Script {
  /** Pieces of a streamed answer. */
  readonly events?: number;
  /** Pause before each piece. */
  readonly everyMs?: number;
}

const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model, stream, messages } = JSON.parse(await text(request)) as ChatRequest;
  const { events = 1, everyMs = 0 } = JSON.parse(messages.at(-1)?.content ?? '{}') as Script;
  const credentials = request.headers.authorization ?? 'none';
  const base = { id: 'chatcmpl-scripted', created: 1, model };
  if (stream !== true) {
    const message = { role: 'assistant', content: credentials };
    response.writeHead(200, { 'content-type': 'application/json' });
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    response.end(JSON.stringify({ ...base, object: 'chat.completion', choices, usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (rest: object): void => {
    response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...rest })}\n\n`);
  };
  for (let index = 0; index < events; index += 1) {
    await sleep(everyMs);
    send({ choices: [{ index: 0, delta: { content: `piece ${index} ` }, finish_reason: null }] });
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.destroy(error instanceof Error ? error : new Error(String(error)));
  });
});
// The gateway must be the one that closes idle connections.
server.keepAliveTimeout = 600_000;
server.listen(443);
process.on('SIGTERM', () => process.exit(0));

import type { JsonObject, UpstreamCall, UpstreamClient, UpstreamHandler } from '../../core/upstream';
import { openAiDialect, openAiPaths } from '../openai-dialect';
import { chatAnswer, chatStream } from './chat';
import { completionAnswer, completionStream } from './completion';
import { embeddingsAnswer } from './embeddings';
import { responseAnswer, responseStream } from './response';

interface Shape {
  whole(body: JsonObject): object;
  /** Whole events. Absent: the operation is never streamed. */
  readonly stream?: (body: JsonObject) => string[];
}

const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [openAiPaths.chat_completions, { whole: chatAnswer, stream: chatStream }],
  [openAiPaths.completions, { whole: completionAnswer, stream: completionStream }],
  [openAiPaths.responses, { whole: responseAnswer, stream: responseStream }],
  [openAiPaths.embeddings, { whole: embeddingsAnswer }],
]);

/** The echo provider speaks OpenAI's dialect; a message reaches it as a chat completion. */
export const echoTranslation = openAiDialect({
  path: (operation) => openAiPaths[operation],
  headers: () => ({}),
  reportsStreamUsage: true,
  maxTokensField: 'max_completion_tokens',
});

/** The built-in provider: answers with what it was sent last, as one answer or streamed in a few pieces. */
export const echoClient: UpstreamClient = {
  start(request, handler) {
    const shape = shapes.get(request.path);
    if (shape === undefined) throw new Error(`the echo provider has no ${request.path}`);
    const body = JSON.parse(request.body) as JsonObject;
    return body['stream'] === true && shape.stream !== undefined
      ? play('text/event-stream', shape.stream(body), handler)
      : play('application/json', [JSON.stringify(shape.whole(body))], handler);
  },
};

/** Hands over one chunk per turn of the event loop, and none while paused. */
function play(contentType: string, chunks: readonly string[], handler: UpstreamHandler): UpstreamCall {
  let position = -1;
  let aborted = false;
  let next: NodeJS.Immediate | undefined;
  const schedule = (): void => {
    if (!aborted) next ??= setImmediate(step);
  };
  const step = (): void => {
    next = undefined;
    const chunk = chunks[position];
    position += 1;
    if (position === 0) handler.onHeaders(200, { 'content-type': contentType });
    else if (chunk === undefined) {
      handler.onEnd();
      return;
    } else if (!handler.onData(Buffer.from(chunk))) return;
    schedule();
  };
  schedule();
  return {
    isSent: true,
    resume: schedule,
    abort: () => {
      aborted = true;
      clearImmediate(next);
    },
  };
}

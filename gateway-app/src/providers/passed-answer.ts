import type { AnswerStream, AnswerTranslation } from '../core/answer';
import { GatewayError } from '../core/gateway-error';
import type { ReportedUsage } from '../core/usage';
import type { JsonObject } from '../core/upstream';
import { readAnthropicUsage } from './anthropic-usage';
import { ChatFrames } from './chat-frames';
import { parseObject } from './json';
import { MessagesFrames } from './messages-frames';
import { readEmbeddingsUsage, readOpenAiUsage } from './openai-usage';
import { PassedStream, type FrameReader } from './passed-stream';
import { readUsageOf } from './reported-usage';
import { ResponsesFrames } from './responses-frames';
import { writtenBytesIn } from './written-bytes';

type UsageReader = (usage: JsonObject, into: ReportedUsage) => boolean;

/** An answer that the client gets as the provider wrote it; only its usage is read. */
class PassedAnswer implements AnswerTranslation {
  constructor(
    private readonly readUsage: UsageReader,
    private readonly frames: () => FrameReader,
  ) {}

  whole(body: Buffer): { body: Buffer; usage: ReportedUsage; outputBytes: number } {
    let usage: ReportedUsage = {};
    const isReported = readUsageOf(body, (found) => {
      usage = {};
      return this.readUsage(found, usage);
    });
    if (isReported) return { body, usage, outputBytes: 0 };
    const answer = parseObject(body.toString('utf8'));
    if (answer === undefined) {
      throw new GatewayError('provider_invalid_response', {
        cause: 'the provider sent a body that is no JSON',
      });
    }
    return { body, usage, outputBytes: writtenBytesIn(answer) };
  }

  stream(): AnswerStream {
    return new PassedStream(this.frames());
  }

  error(status: number, body: Buffer): { status: number; body: Buffer } {
    return { status, body };
  }
}

/** Answers of an OpenAI operation. Those of the chat kind differ for a client that did not ask for the usage. */
export const passedAnswers = {
  chat: new PassedAnswer(readOpenAiUsage, () => new ChatFrames('delta', false)),
  chatWithoutUsage: new PassedAnswer(readOpenAiUsage, () => new ChatFrames('delta', true)),
  completions: new PassedAnswer(readOpenAiUsage, () => new ChatFrames('text', false)),
  completionsWithoutUsage: new PassedAnswer(readOpenAiUsage, () => new ChatFrames('text', true)),
  responses: new PassedAnswer(readOpenAiUsage, () => new ResponsesFrames()),
  /** Never streamed: what a provider streams all the same is read as chat. */
  embeddings: new PassedAnswer(readEmbeddingsUsage, () => new ChatFrames('delta', false)),
  messages: new PassedAnswer(readMessageUsage, () => new MessagesFrames()),
} as const satisfies Record<string, AnswerTranslation>;

function readMessageUsage(usage: JsonObject, into: ReportedUsage): boolean {
  readAnthropicUsage(usage, into);
  return into.inputTokens !== undefined && into.outputTokens !== undefined;
}

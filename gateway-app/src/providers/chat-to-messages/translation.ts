import type { AnswerTranslation } from '../../core/answer';
import { TranslatedStream } from '../event-translator';
import { chatCompletion } from './answer';
import { openAiErrorAnswer } from './error';
import { ChatChunks } from './stream';

/**
 * An Anthropic message for a client that asked for an OpenAI chat completion.
 *
 * @param sendsUsage The client asked for the usage at the end of its stream.
 */
export function chatAnswer(sendsUsage: boolean): AnswerTranslation {
  return {
    whole: (body) => chatCompletion(body, nowSeconds()),
    stream: () => new TranslatedStream(new ChatChunks(sendsUsage, nowSeconds())),
    error: openAiErrorAnswer,
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

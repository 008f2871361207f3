import type { AnswerTranslation } from '../../core/answer';
import { TranslatedStream } from '../event-translator';
import { message } from './answer';
import { anthropicErrorAnswer } from './error';
import { MessageEvents } from './stream';

/** An OpenAI chat completion for a client that asked for an Anthropic message. */
export const messageAnswer: AnswerTranslation = {
  whole: message,
  stream: () => new TranslatedStream(new MessageEvents()),
  error: anthropicErrorAnswer,
};

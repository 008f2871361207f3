import type { Operation } from '../../contract/paths';
import type { AnswerTranslation } from '../core/answer';
import type { ClientCall, ProviderCall, Translate } from '../core/provider-call';
import type { JsonObject } from '../core/upstream';
import { asksForUsage } from './chat-to-messages/request';
import { messageAnswer } from './messages-to-chat/translation';
import { asObject } from './json';
import { chatRequest, type ChatServer } from './messages-to-chat/request';
import { passedAnswers } from './passed-answer';
import { serialize } from './serialize';

/** Paths of OpenAI's operations below the base URL. Messages are Anthropic's: they are asked as chat completions. */
export const openAiPaths: Readonly<Record<Operation, string>> = {
  chat_completions: '/chat/completions',
  responses: '/responses',
  embeddings: '/embeddings',
  completions: '/completions',
  messages: '/chat/completions',
};

/** A server that speaks OpenAI's API, at whatever place. */
export interface OpenAiServer extends ChatServer {
  /** Path and query of an operation. */
  path(operation: Operation, model: string): string;
  headers(stream: boolean): Record<string, string>;
}

/**
 * Asks an OpenAI-compatible server. Its own operations are passed on as they are, unknown fields included; the body is
 * written from what was parsed: of two equal keys the provider sees the one that the gateway saw.
 */
export function openAiDialect(server: OpenAiServer): Translate {
  return (call) => {
    const { body, answer } = call.operation === 'messages' ? asChat(call, server) : asItIs(call, server);
    const path = server.path(call.operation, call.model);
    return { request: { path, headers: server.headers(call.stream), body: serialize(body) }, answer };
  };
}

interface Rewritten extends Pick<ProviderCall, 'answer'> {
  readonly body: JsonObject;
}

function asChat({ body, model }: ClientCall, server: OpenAiServer): Rewritten {
  return { body: chatRequest(body, model, server), answer: messageAnswer };
}

function asItIs({ operation, body, model, stream }: ClientCall, server: OpenAiServer): Rewritten {
  if (stream && server.reportsStreamUsage && streamsUsageOnRequest.has(operation) && !asksForUsage(body)) {
    // What is no object is the provider's to refuse.
    const options = asObject(body['stream_options'] ?? {});
    if (options !== undefined) {
      const asked = { ...body, model, stream_options: { ...options, include_usage: true } };
      return { body: asked, answer: answerOf(operation, true) };
    }
  }
  return { body: { ...body, model }, answer: answerOf(operation, false) };
}

/** Operations whose streams report their usage only where `stream_options` asks for it. */
const streamsUsageOnRequest: ReadonlySet<Operation> = new Set<Operation>(['chat_completions', 'completions']);

function answerOf(operation: Operation, withholdsUsage: boolean): AnswerTranslation {
  switch (operation) {
    case 'completions':
      return withholdsUsage ? passedAnswers.completionsWithoutUsage : passedAnswers.completions;
    case 'responses':
      return passedAnswers.responses;
    case 'embeddings':
      return passedAnswers.embeddings;
    default:
      return withholdsUsage ? passedAnswers.chatWithoutUsage : passedAnswers.chat;
  }
}

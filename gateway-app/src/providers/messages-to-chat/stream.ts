import type { SseEvent } from '../../core/sse/event';
import { settledUsage, type ReportedUsage } from '../../core/usage';
import type { JsonObject } from '../../core/upstream';
import type { EventTranslator } from '../event-translator';
import { asList, asObject, asText, holdsError, parseObject } from '../json';
import { readOpenAiUsage } from '../openai-usage';
import { anthropicUsage, invalid, messageHead, toolUseId } from './answer';
import { anthropicError } from './error';
import { stopReason } from './stop-reason';

/** Rewrites the chunks of a chat completion as the events of an Anthropic message. */
export class MessageEvents implements EventTranslator {
  readonly usage: ReportedUsage = {};
  outputBytes = 0;
  isDone = false;
  hasFailed = false;
  #hasBegun = false;
  /** The block that is being written. Anthropic's clients expect one at a time. */
  #open: 'text' | 'tool' | undefined;
  #blockIndex = -1;
  /** OpenAI's position of the tool call that is being written. */
  #toolPosition = -1;
  #toolId: string | undefined;
  #finish: unknown;
  #refused = false;

  translate({ data }: SseEvent): string {
    if (data === '[DONE]') return this.#stop();
    const chunk = parseObject(data);
    if (chunk === undefined) throw invalid('an event that is no JSON object');
    if (holdsError(chunk)) {
      this.hasFailed = true;
      return event('error', anthropicError(chunk, 'api_error'));
    }
    const usage = asObject(chunk['usage']);
    if (usage !== undefined) readOpenAiUsage(usage, this.usage);
    const choice = asObject(asList(chunk['choices'])[0]);
    const start = this.#hasBegun || choice === undefined ? '' : this.#start(chunk);
    const written = choice === undefined ? '' : this.#delta(asObject(choice['delta']) ?? {});
    this.#finish = choice?.['finish_reason'] ?? this.#finish;
    return start + written;
  }

  #start(chunk: JsonObject): string {
    this.#hasBegun = true;
    const message = {
      ...messageHead(chunk),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      // OpenAI counts at the end; the last event has the counts.
      usage: anthropicUsage({}),
    };
    return event('message_start', JSON.stringify({ type: 'message_start', message }));
  }

  #delta(delta: JsonObject): string {
    const refusal = asText(delta['refusal']) ?? '';
    if (refusal !== '') this.#refused = true;
    let written = this.#text((asText(delta['content']) ?? '') + refusal);
    for (const call of asList(delta['tool_calls'])) written += this.#toolCall(asObject(call) ?? {});
    return written;
  }

  #text(text: string): string {
    if (text === '') return '';
    this.outputBytes += Buffer.byteLength(text);
    const start = this.#open === 'text' ? '' : this.#openBlock('text', { type: 'text', text: '' });
    return start + this.#blockDelta({ type: 'text_delta', text });
  }

  #toolCall(call: JsonObject): string {
    const position = typeof call['index'] === 'number' ? call['index'] : this.#toolPosition + 1;
    const called = asObject(call['function']);
    const id = asText(call['id']);
    let written = '';
    // Some compatible servers number every call 0; then only its id tells a new one.
    if (position !== this.#toolPosition || (id !== undefined && id !== this.#toolId)) {
      if (position < this.#toolPosition) throw invalid('a piece of a tool call that had ended');
      const name = asText(called?.['name']);
      if (name === undefined) throw invalid('a tool call without a name');
      this.#toolPosition = position;
      this.#toolId = id;
      written = this.#openBlock('tool', { type: 'tool_use', id: toolUseId(id), name, input: {} });
    } else if (this.#open !== 'tool') {
      throw invalid('a piece of a tool call that had ended');
    }
    const text = asText(called?.['arguments']) ?? '';
    if (text === '') return written;
    this.outputBytes += Buffer.byteLength(text);
    return written + this.#blockDelta({ type: 'input_json_delta', partial_json: text });
  }

  #stop(): string {
    if (!this.#hasBegun || this.#finish === undefined || this.#finish === null) {
      throw invalid('an end of the stream before the end of the answer');
    }
    this.isDone = true;
    const reason = this.#refused ? 'refusal' : stopReason(this.#finish, this.#toolPosition >= 0);
    const end = {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: null },
      // A client of this dialect expects counts; where the server gives none, an estimate says more than 0.
      usage: anthropicUsage(settledUsage(this.usage, 0, this.outputBytes)),
    };
    return (
      this.#closeBlock() +
      event('message_delta', JSON.stringify(end)) +
      event('message_stop', '{"type":"message_stop"}')
    );
  }

  #openBlock(kind: 'text' | 'tool', block: JsonObject): string {
    const closed = this.#closeBlock();
    this.#open = kind;
    this.#blockIndex += 1;
    const start = { type: 'content_block_start', index: this.#blockIndex, content_block: block };
    return closed + event('content_block_start', JSON.stringify(start));
  }

  #blockDelta(delta: JsonObject): string {
    return event(
      'content_block_delta',
      JSON.stringify({ type: 'content_block_delta', index: this.#blockIndex, delta }),
    );
  }

  #closeBlock(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return event('content_block_stop', `{"type":"content_block_stop","index":${this.#blockIndex}}`);
  }
}

function event(type: string, data: string): string {
  return `event: ${type}\ndata: ${data}\n\n`;
}

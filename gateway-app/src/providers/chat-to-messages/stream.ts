import { GatewayError } from '../../core/gateway-error';
import type { SseEvent } from '../../core/sse/event';
import type { ReportedUsage } from '../../core/usage';
import type { JsonObject } from '../../core/upstream';
import { readAnthropicUsage, thinkingTokens } from '../anthropic-usage';
import type { EventTranslator } from '../event-translator';
import { asObject, asText, parseObject } from '../json';
import { chatUsage } from '../openai-usage';
import { openAiError } from './error';
import { finishReason } from './stop-reason';

/** Rewrites the events of an Anthropic message as the chunks of a chat completion. */
export class ChatChunks implements EventTranslator {
  readonly usage: ReportedUsage = {};
  outputBytes = 0;
  isDone = false;
  hasFailed = false;
  #head: JsonObject | undefined;
  #reasoningTokens = 0;
  /** Position of the tool call that is being written, -1 before the first. */
  #toolIndex = -1;
  /** The tool call that is being written has no arguments yet. */
  #toolIsEmpty = false;
  #isFinished = false;

  /** @param sendsUsage The client asked for a chunk with the usage. */
  constructor(
    private readonly sendsUsage: boolean,
    private readonly createdSeconds: number,
  ) {}

  translate({ data }: SseEvent): string {
    const event = parseObject(data);
    if (event === undefined) throw invalid('an event that is no JSON object');
    switch (event['type']) {
      case 'message_start':
        return this.#start(asObject(event['message']));
      case 'content_block_start':
        return this.#blockStart(asObject(event['content_block']));
      case 'content_block_delta':
        return this.#blockDelta(asObject(event['delta']));
      case 'content_block_stop':
        return this.#blockStop();
      case 'message_delta':
        return this.#messageDelta(event);
      case 'message_stop':
        return this.#stop();
      case 'error':
        this.hasFailed = true;
        return `data: ${openAiError(event)}\n\n`;
      default:
        // `ping`, and what a later version of the API may add.
        return '';
    }
  }

  #start(message: JsonObject | undefined): string {
    if (message === undefined) throw invalid('a message_start without a message');
    this.#head = {
      id: message['id'],
      object: 'chat.completion.chunk',
      created: this.createdSeconds,
      model: message['model'],
    };
    readAnthropicUsage(asObject(message['usage']), this.usage);
    // The count at the start is of the first token only. Until the last is reported, bytes tell more.
    delete this.usage.outputTokens;
    return this.#choice({ role: 'assistant', content: '', refusal: null });
  }

  #blockStart(block: JsonObject | undefined): string {
    const type = block?.['type'];
    if (block === undefined || (type !== 'text' && type !== 'tool_use')) return '';
    if (type === 'text') return this.#text(block['text']);
    this.#toolIndex += 1;
    const input = asObject(block['input']) ?? {};
    // Empty here as a rule: the input follows in pieces.
    const text = Object.keys(input).length === 0 ? '' : JSON.stringify(input);
    this.#toolIsEmpty = text === '';
    this.outputBytes += Buffer.byteLength(text);
    const called = { name: block['name'], arguments: text };
    return this.#choice({
      tool_calls: [{ index: this.#toolIndex, id: block['id'], type: 'function', function: called }],
    });
  }

  #blockDelta(delta: JsonObject | undefined): string {
    if (delta?.['type'] === 'text_delta') return this.#text(delta['text']);
    if (delta?.['type'] === 'input_json_delta') return this.#arguments(asText(delta['partial_json']) ?? '');
    // Thinking has no place in a chat completion, and is billed.
    if (delta?.['type'] === 'thinking_delta') {
      this.outputBytes += Buffer.byteLength(asText(delta['thinking']) ?? '');
    }
    return '';
  }

  #blockStop(): string {
    if (!this.#toolIsEmpty) return '';
    // A client parses the arguments as JSON, which an empty text is not.
    return this.#arguments('{}');
  }

  #messageDelta(event: JsonObject): string {
    const usage = asObject(event['usage']);
    readAnthropicUsage(usage, this.usage);
    this.#reasoningTokens = thinkingTokens(usage);
    const delta = asObject(event['delta']);
    const reason = delta?.['stop_reason'];
    if (this.#isFinished || reason === null || reason === undefined) return '';
    this.#isFinished = true;
    const explanation =
      reason === 'refusal' ? asText(asObject(delta?.['stop_details'])?.['explanation']) : undefined;
    return this.#choice(explanation === undefined ? {} : { refusal: explanation }, finishReason(reason));
  }

  #stop(): string {
    if (!this.#isFinished) throw invalid('a message_stop without a stop reason');
    this.isDone = true;
    const usage = this.sendsUsage
      ? this.#chunk({ choices: [], usage: chatUsage(this.usage, this.#reasoningTokens) })
      : '';
    return `${usage}data: [DONE]\n\n`;
  }

  #text(value: unknown): string {
    const text = asText(value) ?? '';
    if (text === '') return '';
    this.outputBytes += Buffer.byteLength(text);
    return this.#choice({ content: text });
  }

  #arguments(text: string): string {
    if (text === '') return '';
    this.#toolIsEmpty = false;
    this.outputBytes += Buffer.byteLength(text);
    return this.#choice({ tool_calls: [{ index: this.#toolIndex, function: { arguments: text } }] });
  }

  #choice(delta: JsonObject, finish: string | null = null): string {
    return this.#chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  }

  #chunk(rest: JsonObject): string {
    if (this.#head === undefined) throw invalid('an event before message_start');
    return `data: ${JSON.stringify({ ...this.#head, ...rest })}\n\n`;
  }
}

function invalid(what: string): GatewayError {
  return new GatewayError('provider_invalid_response', { cause: `the provider sent ${what}` });
}

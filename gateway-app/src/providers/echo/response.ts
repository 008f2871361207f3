import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/upstream';
import { lastUserText, nowSeconds, pieces, usageOf } from './text';

type Status = 'in_progress' | 'completed';

export function responseAnswer(body: JsonObject): object {
  return new EchoResponse(body).response('completed');
}

export function responseStream(body: JsonObject): string[] {
  return new EchoResponse(body).events();
}

class EchoResponse {
  readonly #id = `resp_${randomUUID()}`;
  readonly #itemId = `msg_${randomUUID()}`;
  readonly #createdSeconds = nowSeconds();
  readonly #text: string;

  constructor(private readonly body: JsonObject) {
    const { input } = body;
    this.#text = typeof input === 'string' ? input : lastUserText(input);
  }

  response(status: Status): object {
    const isComplete = status === 'completed';
    const { input, output, total } = usageOf(this.body, this.#text);
    return {
      id: this.#id,
      object: 'response',
      created_at: this.#createdSeconds,
      status,
      error: null,
      incomplete_details: null,
      instructions: this.body['instructions'] ?? null,
      metadata: this.body['metadata'] ?? {},
      model: this.body['model'],
      output: isComplete ? [this.#item(status)] : [],
      parallel_tool_calls: true,
      temperature: null,
      tool_choice: 'auto',
      tools: [],
      top_p: null,
      usage: isComplete
        ? {
            input_tokens: input,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: total,
          }
        : null,
    };
  }

  events(): string[] {
    const place = { item_id: this.#itemId, output_index: 0, content_index: 0 };
    const events: [type: string, rest: object][] = [
      ['response.created', { response: this.response('in_progress') }],
      ['response.in_progress', { response: this.response('in_progress') }],
      ['response.output_item.added', { output_index: 0, item: this.#item('in_progress') }],
      ['response.content_part.added', { ...place, part: part('') }],
      ...pieces(this.#text).map((delta): [string, object] => [
        'response.output_text.delta',
        { ...place, delta, logprobs: [] },
      ]),
      ['response.output_text.done', { ...place, text: this.#text, logprobs: [] }],
      ['response.content_part.done', { ...place, part: part(this.#text) }],
      ['response.output_item.done', { output_index: 0, item: this.#item('completed') }],
      ['response.completed', { response: this.response('completed') }],
    ];
    return events.map(
      ([type, rest], index) =>
        `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...rest })}\n\n`,
    );
  }

  #item(status: Status): object {
    const content = status === 'completed' ? [part(this.#text)] : [];
    return { id: this.#itemId, type: 'message', status, role: 'assistant', content };
  }
}

function part(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

/** Anthropic's `stop_reason` as OpenAI's `finish_reason`. One that is not known yet ended the answer all the same. */
export function finishReason(stopReason: unknown): FinishReason {
  return (typeof stopReason === 'string' ? finishReasons.get(stopReason) : undefined) ?? 'stop';
}

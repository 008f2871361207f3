export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal';

/**
 * OpenAI's `finish_reason` as Anthropic's `stop_reason`.
 *
 * @param hasToolCalls Some compatible servers say `stop` after a tool call; the client would not run the tool.
 */
export function stopReason(finishReason: unknown, hasToolCalls: boolean): StopReason {
  switch (finishReason) {
    case 'length':
      return 'max_tokens';
    case 'content_filter':
      return 'refusal';
    default:
      return hasToolCalls ? 'tool_use' : 'end_turn';
  }
}

import type { ReportedUsage } from '../core/usage';
import type { JsonObject } from '../core/upstream';
import { asCount, asObject } from './json';

/**
 * Adds what an Anthropic `usage` object says. In a stream the counts of a later event replace those of an earlier one.
 *
 * Anthropic's `input_tokens` leave out what was read from or written to its cache; here they are all of the prompt.
 */
export function readAnthropicUsage(usage: JsonObject | undefined, into: ReportedUsage): void {
  if (usage === undefined) return;
  if (typeof usage['input_tokens'] === 'number') {
    const cached = asCount(usage['cache_read_input_tokens']);
    into.inputTokens =
      asCount(usage['input_tokens']) + cached + asCount(usage['cache_creation_input_tokens']);
    into.cachedInputTokens = cached;
  }
  if (typeof usage['output_tokens'] === 'number') into.outputTokens = usage['output_tokens'];
}

/** Tokens of the model's thinking, where they are reported. */
export function thinkingTokens(usage: JsonObject | undefined): number {
  return asCount(asObject(usage?.['output_tokens_details'])?.['thinking_tokens']);
}

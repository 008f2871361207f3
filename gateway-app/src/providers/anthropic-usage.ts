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
  const fresh = asCount(usage['input_tokens']);
  const cached = asCount(usage['cache_read_input_tokens'] ?? 0);
  const created = asCount(usage['cache_creation_input_tokens'] ?? 0);
  if (fresh !== undefined && cached !== undefined && created !== undefined) {
    into.inputTokens = fresh + cached + created;
    into.cachedInputTokens = cached;
  }
  const output = asCount(usage['output_tokens']);
  if (output !== undefined) into.outputTokens = output;
}

/** Tokens of the model's thinking, where they are reported. */
export function thinkingTokens(usage: JsonObject | undefined): number {
  return asCount(asObject(usage?.['output_tokens_details'])?.['thinking_tokens']) ?? 0;
}

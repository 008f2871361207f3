import type { ReportedUsage } from '../core/usage';
import type { JsonObject } from '../core/upstream';
import { asCount, asObject } from './json';

/**
 * Reads an OpenAI `usage` object: of chat completions, completions and embeddings (`prompt_tokens`), or of responses
 * (`input_tokens`).
 *
 * @returns false where it holds no counts.
 */
export function readOpenAiUsage(usage: JsonObject, into: ReportedUsage): boolean {
  const input = usage['prompt_tokens'] ?? usage['input_tokens'];
  if (typeof input !== 'number') return false;
  const details = asObject(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  into.inputTokens = asCount(input);
  into.cachedInputTokens = asCount(details?.['cached_tokens']);
  // Embeddings write nothing and report no count for it.
  into.outputTokens = asCount(usage['completion_tokens'] ?? usage['output_tokens']);
  return true;
}

/** The counts as OpenAI writes them for a chat completion. */
export function chatUsage(reported: ReportedUsage, reasoningTokens: number): JsonObject {
  const { inputTokens = 0, cachedInputTokens = 0, outputTokens = 0 } = reported;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

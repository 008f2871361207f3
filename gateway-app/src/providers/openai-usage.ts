import type { ReportedUsage } from '../core/usage';
import type { JsonObject } from '../core/upstream';
import { asCount, asObject } from './json';

/**
 * Reads an OpenAI `usage` object: of chat completions, completions and embeddings (`prompt_tokens`), or of responses
 * (`input_tokens`).
 *
 * @returns false where it does not hold both counts.
 */
export function readOpenAiUsage(usage: JsonObject, into: ReportedUsage): boolean {
  const input = asCount(usage['prompt_tokens'] ?? usage['input_tokens']);
  const output = asCount(usage['completion_tokens'] ?? usage['output_tokens']);
  if (input !== undefined) {
    const details = asObject(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
    into.inputTokens = input;
    // They are a part of the prompt: more of them would be paid for in place of it.
    into.cachedInputTokens = Math.min(asCount(details?.['cached_tokens']) ?? 0, input);
  }
  if (output !== undefined) into.outputTokens = output;
  return input !== undefined && output !== undefined;
}

/** The same of embeddings, which write nothing and report no count for it. */
export function readEmbeddingsUsage(usage: JsonObject, into: ReportedUsage): boolean {
  readOpenAiUsage(usage, into);
  into.outputTokens = 0;
  return into.inputTokens !== undefined;
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

import type { JsonObject } from '../core/upstream';
import { estimatedPromptTokens } from '../core/usage';

/** Output of a request that states no maximum. What it really writes is settled at its end. */
export const defaultOutputTokens = 1_024;

/** The fields in which the dialects state a maximum; chat completions know two, of which the newer counts. */
const maximumFields = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'];

export interface TokenEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * What a request may use at most, as far as that can be known before it is sent.
 *
 * @param unboundTokens Output of an answer for which the request states no maximum.
 */
export function estimateTokens(
  route: string,
  body: JsonObject,
  inputTokens = estimatedPromptTokens(body),
  unboundTokens = defaultOutputTokens,
): TokenEstimate {
  if (route === 'embeddings') return { inputTokens, outputTokens: 0 };
  const stated = maximumFields.map((field) => body[field]).find(isCount);
  const { n, best_of: bestOf, prompt } = body;
  const choices = Math.max(countOf(n), countOf(bestOf));
  const prompts = route === 'completions' ? promptsIn(prompt) : 1;
  const outputTokens = Math.ceil((stated ?? unboundTokens) * choices * prompts);
  return { inputTokens, outputTokens: Math.min(outputTokens, Number.MAX_SAFE_INTEGER) };
}

/** Each text or list of tokens is answered by itself. A list of numbers is one prompt, written as its tokens. */
function promptsIn(prompt: unknown): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

function countOf(value: unknown): number {
  return isCount(value) ? value : 1;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

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

/** What a request may use at most, as far as that can be known before it is sent. */
export function estimateTokens(route: string, body: JsonObject): TokenEstimate {
  const inputTokens = estimatedPromptTokens(body);
  if (route === 'embeddings') return { inputTokens, outputTokens: 0 };
  const stated = maximumFields.map((field) => body[field]).find(isCount);
  const { n } = body;
  return { inputTokens, outputTokens: Math.ceil((stated ?? defaultOutputTokens) * (isCount(n) ? n : 1)) };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

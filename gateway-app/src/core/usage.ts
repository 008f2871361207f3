import type { JsonObject } from './upstream';

/** What one answer used. */
export interface Usage {
  /** All tokens of the prompt, cached ones included. */
  readonly inputTokens: number;
  /** Those of the prompt that the provider found in its cache and bills at a lower price. */
  readonly cachedInputTokens: number;
  /** All tokens that the model wrote, its reasoning included. */
  readonly outputTokens: number;
  /** The provider did not report all of it: what is missing was estimated as UTF-8 bytes / 4. */
  readonly estimated: boolean;
}

/** What a provider has reported so far. A count is absent until it has. */
export interface ReportedUsage {
  inputTokens?: number;
  cachedInputTokens?: number;
  outputTokens?: number;
}

const bytesPerToken = 4;

/** A tokenizer would be exact, and weighs 20 MB for each family of models. */
export function estimatedTokens(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

/** The reported counts, and estimates in place of those that are missing. */
export function settledUsage(
  reported: ReportedUsage,
  estimatedInputTokens: number,
  outputBytes: number,
): Usage {
  const { inputTokens, cachedInputTokens = 0, outputTokens } = reported;
  return {
    inputTokens: inputTokens ?? estimatedInputTokens,
    cachedInputTokens,
    outputTokens: outputTokens ?? estimatedTokens(outputBytes),
    estimated: inputTokens === undefined || outputTokens === undefined,
  };
}

/** Fields of a request that become part of the prompt, in each operation of each dialect. */
const promptFields = ['messages', 'system', 'tools', 'input', 'instructions', 'prompt'];

/** Those in which a number stands for a token. */
const tokenFields: ReadonlySet<string> = new Set(['input', 'prompt']);

/** Longer texts of base64 alone are images or files, which are not billed by their length. */
const maxWordLength = 4096;
const encoded = /^(?:data:[^\s,]*,)?[A-Za-z0-9+/_=\r\n-]*$/;

/** Tokens of a request's prompt, estimated from its texts. */
export function estimatedPromptTokens(body: JsonObject): number {
  let bytes = 0;
  let tokens = 0;
  for (const field of promptFields) {
    // A list of what is still to visit: a body may be nested deeper than the stack.
    const open: unknown[] = [body[field]];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value === 'string') bytes += billedBytes(value);
      else if (typeof value === 'number' && tokenFields.has(field)) tokens += 1;
      else if (typeof value === 'object' && value !== null) {
        for (const inner of Object.values(value)) open.push(inner);
      }
    }
  }
  return tokens + estimatedTokens(bytes);
}

function billedBytes(text: string): number {
  const isEncoded = text.length > maxWordLength && encoded.test(text.slice(0, maxWordLength));
  return isEncoded ? 0 : Buffer.byteLength(text);
}

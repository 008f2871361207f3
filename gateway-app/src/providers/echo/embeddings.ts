import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/upstream';
import { usageOf } from './text';

const defaultDimensions = 8;
const maxDimensions = 3072;

/** One vector per input: always the same for the same text, of length 1, and without meaning. */
export function embeddingsAnswer(body: JsonObject): object {
  const { input } = body;
  const inputs = Array.isArray(input) && typeof input[0] !== 'number' ? (input as unknown[]) : [input];
  const asked = typeof body['dimensions'] === 'number' ? Math.floor(body['dimensions']) : defaultDimensions;
  const dimensions = Math.min(Math.max(asked, 1), maxDimensions);
  const { input: tokens } = usageOf(body, '');
  return {
    object: 'list',
    data: inputs.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: encoded(vector(JSON.stringify(text), dimensions), body['encoding_format']),
    })),
    model: body['model'],
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function vector(text: string, dimensions: number): Float32Array {
  const numbers = new Float32Array(dimensions);
  let digest = createHash('sha256').update(text).digest();
  for (let position = 0; position < dimensions; position += 1) {
    if (position > 0 && position % digest.length === 0) digest = createHash('sha256').update(digest).digest();
    numbers[position] = (digest[position % digest.length] ?? 0) - 127.5;
  }
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}

/** OpenAI's clients ask for base64 by themselves: the numbers as little-endian 32-bit floats. */
function encoded(numbers: Float32Array, format: unknown): string | number[] {
  return format === 'base64' ? Buffer.from(numbers.buffer).toString('base64') : [...numbers];
}

import type { z } from 'zod';
import { validate } from '../../gateway-app/contract/validate';
import { environmentSchema, type Environment } from './schema/environment';
import type { EnvironmentInput } from './types';
import { printable } from './units';

/**
 * Validates an environment and fills in its defaults.
 *
 * @param subject What was read, for the message, e.g. the file's path.
 * @throws InvalidInput with all problems at once.
 */
export function parseEnvironment(input: EnvironmentInput, subject: string): Environment {
  return parseInput(environmentSchema, input, subject);
}

/**
 * The same for one part of the input.
 *
 * @throws InvalidInput with all problems at once.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: z.input<Schema>,
  subject: string,
): z.output<Schema> {
  return validate(schema, input, subject, 'No manifest is written.', printable(input));
}

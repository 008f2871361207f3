import type { z } from 'zod';
import { InvalidInput, validate } from '../../gateway-app/contract/validate';
import { literalSecrets } from './literal-secrets';
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
 * The same for one part of the input. None may hold a secret.
 *
 * @throws InvalidInput with all problems at once.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: z.input<Schema>,
  subject: string,
): z.output<Schema> {
  const consequence = 'No manifest is written.';
  const shown = printable(input);
  const secrets = literalSecrets(shown);
  try {
    const parsed = validate(schema, input, subject, consequence, shown);
    if (secrets.length === 0) return parsed;
  } catch (error) {
    if (!(error instanceof InvalidInput) || secrets.length === 0) throw error;
    secrets.push(...error.problems.filter(({ path }) => !secrets.some((secret) => secret.path === path)));
  }
  throw new InvalidInput(subject, secrets, consequence);
}

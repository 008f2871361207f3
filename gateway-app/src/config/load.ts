import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { GatewayMode } from '../../contract/env';
import { productionRules } from '../../contract/production-rules';
import { parseRuntimeConfig, runtimeConfigSchema, type RuntimeConfig } from '../../contract/runtime-config';
import { InvalidInput, validate } from '../../contract/validate';

const productionConfigSchema = runtimeConfigSchema.superRefine(productionRules);

/** A ConfigMap holds at most 1 MiB; a larger file is not a configuration. */
const maxFileBytes = 1024 * 1024;
/** Bounds what a few nested aliases can be blown up to. */
const maxAliases = 100;

/**
 * Reads and validates a configuration file.
 *
 * @param consequence What does not happen if it is refused.
 * @throws InvalidInput with all problems of the file.
 */
export async function loadConfigFile(
  path: string,
  mode: GatewayMode,
  consequence: string,
): Promise<RuntimeConfig> {
  const text = await read(path, consequence);
  return checkConfig(parseYaml(text, path, consequence), mode, path, consequence);
}

/**
 * Validates a configuration that was parsed already.
 *
 * @throws InvalidInput with all its problems.
 */
export function checkConfig(
  input: unknown,
  mode: GatewayMode,
  subject: string,
  consequence: string,
): RuntimeConfig {
  return mode === 'production'
    ? validate(productionConfigSchema, input, subject, consequence)
    : parseRuntimeConfig(input, subject, consequence);
}

async function read(path: string, consequence: string): Promise<string> {
  const refuse = (value: string, rule: string, fix: string): InvalidInput =>
    new InvalidInput(path, [{ path: '', value, rule, fix }], consequence);
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) {
      throw refuse(`${size} bytes`, `must be at most ${maxFileBytes} bytes`, 'shorten it');
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(`no readable file (${code ?? String(error)})`, 'must be a readable file', 'create it');
  }
}

function parseYaml(text: string, path: string, consequence: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, stringKeys: true, prettyErrors: true });
  const [first] = [...document.errors, ...document.warnings];
  if (first !== undefined) {
    // Later errors follow from the first, and the excerpt below its first line may show a secret.
    const [summary = ''] = first.message.split('\n');
    throw yamlProblem(path, summary.replace(/:$/, ''), consequence);
  }
  try {
    return document.toJS({ maxAliasCount: maxAliases }) as unknown;
  } catch (error) {
    throw yamlProblem(path, error instanceof Error ? error.message : String(error), consequence);
  }
}

function yamlProblem(path: string, summary: string, consequence: string): InvalidInput {
  return new InvalidInput(
    path,
    [
      {
        path: '',
        value: summary,
        rule: 'must be one YAML document without duplicate keys',
        fix: 'correct it',
      },
    ],
    consequence,
  );
}

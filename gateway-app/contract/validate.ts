import type { z } from 'zod';
import { secretIn } from './secret-literal';

/** One thing that is wrong in an input. */
export interface Problem {
  /** Where, as one would write it in the file: `providers[0].baseUrl`. Empty for the input as a whole. */
  readonly path: string;
  /** The value found there, as JSON and shortened; `nothing` where it is missing. */
  readonly value: string;
  readonly rule: string;
  readonly fix: string;
}

/** An input that was refused. All its problems are reported together. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';

  /**
   * @param subject What was read, e.g. a file's path.
   * @param consequence What does not happen because of it.
   */
  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
    readonly consequence: string,
  ) {
    super(
      [
        `${subject} is not valid (${problems.length} problem${problems.length === 1 ? '' : 's'}). ${consequence}`,
        ...problems.map((p) => `  ${p.path || '(whole)'}: found ${p.value}. Rule: ${p.rule}. Fix: ${p.fix}.`),
      ].join('\n'),
    );
  }
}

/** A rule that spans several fields reports itself through this. Use inside `superRefine`. */
export function report(
  ctx: z.core.$RefinementCtx,
  problem: { path: (string | number)[]; rule: string; fix: string },
): void {
  ctx.addIssue({ code: 'custom', path: problem.path, message: problem.rule, params: { fix: problem.fix } });
}

/** For a schema's own rule: `.refine(test, rule('must be ...', 'write ...'))`. */
export function rule(text: string, fix: string): { error: string; params: { fix: string } } {
  return { error: text, params: { fix } };
}

/**
 * Parses `input` by `schema`.
 *
 * @param shown The input as messages print it, where it holds objects that read badly as JSON.
 * @throws InvalidInput with every problem: the path, the value, the rule and the fix.
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  subject: string,
  consequence: string,
  shown: unknown = input,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidInput(
    subject,
    result.error.issues.flatMap((issue) => problemsOf(issue, shown)),
    consequence,
  );
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, input: unknown): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      value: show(key, at(input, [...issue.path, key])),
      rule: 'no such field exists here',
      fix: 'remove it, or correct its spelling',
    }));
  }
  const meant = meantBranch(issue);
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, input));
  const value = at(input, issue.path);
  return [
    {
      path: pathText(issue.path),
      value: show(issue.path.at(-1), value),
      rule: ruleOf(issue),
      fix: fixOf(issue, value),
    },
  ];
}

/** Of several forms, the only one whose outline the value has: what is wrong inside it says more than "none of them". */
function meantBranch(issue: Issue): Issue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  const [branch, ...others] = issue.errors.filter((issues) => issues.every(({ path }) => path.length > 0));
  if (branch === undefined || others.length > 0) return undefined;
  return branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((v) => JSON.stringify(v)).join(', ')}`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}${sizeWord(issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}${sizeWord(issue.origin)}`;
    default:
      return issue.message;
  }
}

function fixOf(issue: Issue, value: unknown): string {
  if (issue.code === 'custom' && typeof issue.params?.['fix'] === 'string') return issue.params['fix'];
  if (value === undefined) return 'add it';
  if (issue.code === 'invalid_value') return 'use a value from the list';
  if (issue.code === 'too_small' || issue.code === 'too_big') return 'choose a value within the bound';
  return 'change it to follow the rule';
}

function sizeWord(origin: string): string {
  if (origin === 'string') return ' characters long';
  if (origin === 'array' || origin === 'set') return ' entries long';
  return '';
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** A path as one would write it in the file: `providers[0].baseUrl`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

const longestShown = 80;

/** A key pasted where its hash or its file name belongs must not reach a log by way of the message that refuses it. */
const secretField = /(key|token|secret|password|sha256|authorization)s?(file)?$/i;

/** Some providers take their key in the query. */
const urlField = /url$/i;
const queryHidden = '?(hidden)';

function show(field: PropertyKey | undefined, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string' && typeof field === 'string' && secretField.test(field)) {
    return `a text of ${value.length} characters (hidden)`;
  }
  // Also where the scheme was forgotten, so that it reads as no URL.
  if (typeof value === 'string' && typeof field === 'string' && urlField.test(field)) {
    value = value.replace(/[?#].*/s, queryHidden);
  }
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const text =
    typeof value === 'bigint'
      ? `${value}n`
      : jsonText(value)
          .replace(/:\/\/[^/@"]*@/g, '://(hidden)@')
          .replace(/(:\/\/[^?#\s"]*)[?#](?:[^"\\]|\\.)*/g, `$1${queryHidden}`);
  if (secretIn(text) !== undefined) return 'a value with a secret in it (hidden)';
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** As JSON, where it has any: an alias of YAML may stand within itself, and what code hands in may be anything. */
function jsonText(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value);
    if (typeof text === 'string') return text;
  } catch {
    // Told as what it is, below.
  }
  return 'a value that JSON cannot write';
}

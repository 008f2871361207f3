import type { EnvironmentInput } from '../../charts';

/** Wrong on purpose, so the type is left behind. */
export type Wrong = { readonly [Field in keyof EnvironmentInput]?: unknown } & Readonly<
  Record<string, unknown>
>;

/** What is wrong, the fields that replace those of the reference, and the problem that must be told. */
export type BadInput = [what: string, wrong: Wrong, path: string, value: string, rule: RegExp];

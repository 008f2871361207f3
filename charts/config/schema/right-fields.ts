import type { z } from 'zod';

/**
 * Tells whether fields passed their own rules, so that a rule across fields may rely on their types. For refinements that
 * run `whenever`: all problems are told at once, and not those across fields only after the others are mended.
 */
export function rightFields(ctx: z.core.$RefinementCtx): (...fields: string[]) => boolean {
  const noObject = ctx.issues.some((issue) => issue.code === 'invalid_type' && !issue.path?.length);
  const wrong = new Set(ctx.issues.map((issue) => issue.path?.[0]));
  return (...fields) => !noObject && fields.every((field) => !wrong.has(field));
}

/** Lets a refinement run where fields are wrong as well. */
export const whenever = { when: () => true };

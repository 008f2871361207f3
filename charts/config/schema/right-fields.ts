import type { z } from 'zod';

/** What a rule across fields may rely on where other fields are wrong. Paths are written `regions.primary.replicas`. */
export interface RightFields {
  /** The field itself is what it should be; something inside may be wrong. */
  readonly shaped: (path: string) => boolean;
  /** The field and everything inside is right. */
  readonly right: (path: string) => boolean;
}

/**
 * For refinements that run {@link whenever}, so that all problems are told at once, and not those across fields only
 * after the others are mended.
 */
export function rightFields(ctx: z.core.$RefinementCtx): RightFields {
  // An unknown key is reported at its object, which is none the worse for it.
  const wrong = ctx.issues
    .filter(({ code }) => code !== 'unrecognized_keys')
    .map(({ path }) => (path ?? []).join('.'));
  const shaped = (path: string) => !wrong.some((place) => isWithin(path, place));
  return { shaped, right: (path) => shaped(path) && !wrong.some((place) => isWithin(place, path)) };
}

/** Lets a refinement run where fields are wrong as well. */
export const whenever = { when: () => true };

function isWithin(path: string, ancestor: string): boolean {
  return ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);
}

import type { Mutant } from './mutants';

interface Proof {
  readonly reason: string;
  readonly covers: (mutant: Mutant) => boolean;
}

/**
 * Mutants that differ from their rule for no series at all, each with its proof. Only these are left out, and the run
 * prints them: one that merely survives needs a better case instead.
 */
const proofs: readonly Proof[] = [
  {
    reason: 'count() is at least 1, or has no result at all: above 0 and above -1 hold for the same',
    covers: ({ rule, mutant }) =>
      /^count\([^()]*\) > 0$/.test(rule.expr) && mutant.expr === rule.expr.replace(/> 0$/, '> -1'),
  },
  {
    reason: 'vector() has one sample whatever its value, and no text of the alert shows the value',
    covers: ({ rule, mutant }) =>
      /^vector\([\d.]+\)$/.test(rule.expr) &&
      /^vector\([\d.]+\)$/.test(mutant.expr) &&
      mutant.expr !== rule.expr &&
      !JSON.stringify([rule.labels, rule.annotations]).includes('{{'),
  },
];

/** Why no case could ever notice the mutant; undefined where one can. */
export function equivalenceOf(mutant: Mutant): string | undefined {
  return proofs.find(({ covers }) => covers(mutant))?.reason;
}

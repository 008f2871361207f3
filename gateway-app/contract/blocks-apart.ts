import type { z } from 'zod';
import { cidrHolds, parseCidr } from './cidr';
import { report } from './validate';

/** For `superRefine` on a list of CIDRs: none of them lies within another. What is no block was reported before. */
export function blocksApart(blocks: readonly string[], ctx: z.core.$RefinementCtx): void {
  blocks.forEach((text, index) => {
    const earlier = blocks
      .slice(0, index)
      .find((other) => blockHolds(other, text) || blockHolds(text, other));
    if (earlier === undefined) return;
    report(ctx, {
      path: [index],
      rule: `must not overlap ${earlier}: whoever removes one of the two closes nothing`,
      fix: 'keep the larger block',
    });
  });
}

/** True where both are blocks, and every address of `inner` is in `outer` too. */
export function blockHolds(outer: string, inner: string): boolean {
  const [outside, inside] = [parseCidr(outer), parseCidr(inner)];
  return outside !== undefined && inside !== undefined && cidrHolds(outside, inside);
}

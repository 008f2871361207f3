import type { z } from 'zod';
import { report } from './validate';

export interface CheckedTarget {
  readonly provider: string;
  readonly model: string;
  readonly priority?: number | undefined;
  readonly weight?: number | undefined;
}

/** Rules between the targets of one model. */
export function targetRules(
  models: readonly { readonly targets: readonly CheckedTarget[] }[],
  ctx: z.core.$RefinementCtx,
): void {
  models.forEach(({ targets }, index) => {
    const priorities = targets.map(({ priority }, position) => priority ?? position);
    targets.forEach(({ provider, model, weight }, position) => {
      const path = ['models', index, 'targets', position];
      const first = targets.findIndex((other) => other.provider === provider && other.model === model);
      if (first !== position) {
        report(ctx, {
          path: [...path, 'model'],
          rule: `is targets[${first}] already: when that is not available, neither is this`,
          fix: 'remove one of them, or name another provider or model',
        });
      }
      const peers = priorities.filter((priority) => priority === priorities[position]).length;
      if (weight !== undefined && peers === 1) {
        report(ctx, {
          path: [...path, 'weight'],
          rule: `has no effect: no other target has the priority ${String(priorities[position])}`,
          fix: 'give the targets that share the requests the same priority, or remove the weight',
        });
      }
    });
  });
}

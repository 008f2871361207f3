import type { Random } from '../core/random';
import type { Target } from '../core/targets';

/**
 * In which order a request tries the targets of its model: by priority, and within one by chance, the heavier the sooner.
 * The first that is available thus gets its share by weight among those that are.
 *
 * @param targets In order of priority.
 * @returns Call it for each request.
 */
export function targetOrder(targets: readonly Target[], random: Random): () => readonly Target[] {
  const groups = [...new Set(targets.map(({ priority }) => priority))].map((wanted) =>
    targets.filter(({ priority }) => priority === wanted),
  );
  // Nothing is left to chance, so that all requests share one list.
  if (groups.length === targets.length) return () => targets;
  return () => groups.flatMap((group) => shuffled(group, random));
}

function shuffled(group: readonly Target[], random: Random): readonly Target[] {
  const rest = [...group];
  const order: Target[] = [];
  let restWeight = rest.reduce((sum, { weight }) => sum + weight, 0);
  while (rest.length > 1) {
    let mark = random() * restWeight;
    // The last one takes what rounding may have left over.
    const found = rest.findIndex(({ weight }) => (mark -= weight) < 0);
    const [target] = rest.splice(found, 1);
    if (target === undefined) break;
    restWeight -= target.weight;
    order.push(target);
  }
  return [...order, ...rest];
}

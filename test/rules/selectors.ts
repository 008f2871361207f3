/** What an expression asks of one metric. */
export interface Selector {
  readonly metric: string;
  /** In its matchers, and those by which the expression groups. */
  readonly labels: readonly string[];
}

const selector = /([a-zA-Z_:][\w:]*)\{([^}]*)\}/g;
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right) *\(([^)]*)\)/g;
const matcher = /(\w+) *(?:=~|!~|!=|=) *"(?:[^"\\]|\\.)*"/g;

/**
 * The metrics and labels in an expression of this project's rules, which write each metric with its matchers in braces.
 *
 * @throws Error where a metric stands without them: it would go unseen.
 */
export function selectorsIn(expression: string): Selector[] {
  const bare = /([a-zA-Z_:][\w:]*)\[/.exec(expression)?.[1];
  if (bare !== undefined) throw new Error(`${bare} has no matchers: it would add up every workload.`);
  const grouped = [...expression.matchAll(grouping)].flatMap(([, labels = '']) =>
    labels.split(',').map((l) => l.trim()),
  );
  return [...expression.matchAll(selector)].map(([, metric = '', matchers = '']) => ({
    metric,
    labels: [...[...matchers.matchAll(matcher)].map(([, label = '']) => label), ...grouped.filter(Boolean)],
  }));
}

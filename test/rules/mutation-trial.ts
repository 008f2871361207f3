import { type AlertCase, failuresOf, type Rule, type RuleGroup, type Trial } from '../support/alert-case';
import { type Mutant, withRule } from './mutants';

/** Mutants for one call of promtool: its start is most of what a case costs. */
const perCall = 16;

/** Cases up to which each round goes. Most mutants fall in the first: only what is left pays for all the others. */
const rounds = [2, 5, 12, Infinity];

/** What noticed a change before: the same change of another objective or provider most likely falls to it again. */
export type Experience = Map<string, Set<string>>;

/**
 * The mutants that no case notices.
 *
 * @throws Error where the rules fail a case as they are: it would notice every mutant, and prove nothing.
 */
export async function survivorsOf(
  group: RuleGroup,
  mutants: readonly Mutant[],
  cases: readonly AlertCase[],
  experience: Experience,
): Promise<Mutant[]> {
  const names = [...new Set(group.rules.flatMap(({ alert }) => alert ?? []))];
  const own = cases.filter(({ alert }) => names.includes(alert));
  const [[broken] = []] = await failuresOf([{ groups: [group], cases: own }]);
  if (broken !== undefined)
    throw new Error(`${broken.alert}: "${broken.name}" fails unchanged: first make npm test pass.`);
  let left = mutants.map((mutant) => ({ mutant, trial: trialOf(group, mutant, own, experience) }));
  let from = 0;
  for (const to of rounds) {
    const judged = left.filter(({ trial }) => trial.cases.length > from);
    const failures = await inPairs(chunks(judged, perCall), (chunk) =>
      failuresOf(chunk.map(({ trial }) => ({ ...trial, cases: trial.cases.slice(from, to) }))),
    );
    const noticed = new Map(judged.map(({ mutant }, index) => [mutant, failures[index] ?? []]));
    for (const [mutant, [first]] of noticed) {
      if (first !== undefined)
        experience.set(kindOf(mutant), (experience.get(kindOf(mutant)) ?? new Set()).add(kindOfCase(first)));
    }
    left = left.filter(({ mutant }) => (noticed.get(mutant) ?? []).length === 0);
    from = to;
  }
  return left.map(({ mutant }) => mutant);
}

/** The change, but not which objective or alert it was, nor where in the expression. */
function kindOf({ rule, what }: Mutant): string {
  const change = what.slice(what.indexOf(': ') + 2).replace(/ \(at \d+\)$/, '');
  return [rule.record, rule.labels?.['window'], change].join(' ');
}

function kindOfCase({ name }: AlertCase): string {
  return name.replace(/^[\w-]+: /, '');
}

/** The changed rule with those that read it, and what they read: the other rules of the group can tell nothing. */
function trialOf(
  group: RuleGroup,
  change: Mutant,
  cases: readonly AlertCase[],
  experience: Experience,
): Trial {
  const { rule, mutant } = change;
  const readers = closure([rule], (known) =>
    group.rules.filter((other) => known.some((r) => reads(other, r))),
  );
  const needed = closure([...readers, mutant], (known) =>
    group.rules.filter((other) => other !== rule && known.some((r) => reads(r, other))),
  );
  const alerts = readers.filter(({ alert }) => alert !== undefined);
  const names = new Set(
    (alerts.length > 0 ? alerts : group.rules).flatMap(({ alert }) => (alert === undefined ? [] : [alert])),
  );
  const records = readers.flatMap(({ record }) => record ?? []);
  const rules = group.rules.filter((candidate) => needed.includes(candidate));
  const windows = readers.flatMap(
    ({ record, labels }) => labels?.['window'] ?? /ratio_rate(\w+)/.exec(record ?? '')?.[1] ?? [],
  );
  const known = experience.get(kindOf(change)) ?? new Set();
  const concerns = ({ name }: AlertCase) =>
    change.what.includes(': without ')
      ? name.includes('another')
      : windows.some((window) => new RegExp(`\\b${window}\\b`).test(name));
  return {
    groups: withRule([{ ...group, rules }], rule, mutant),
    cases: cases
      .filter(({ alert }) => names.has(alert))
      .map((entry) => restricted(entry, alerts, records))
      .filter(({ values }) => alerts.length > 0 || Object.keys(values).length > 0)
      .sort(
        (a, b) =>
          Number(known.has(kindOfCase(b))) - Number(known.has(kindOfCase(a))) ||
          Number(concerns(b)) - Number(concerns(a)) ||
          cost(a) - cost(b),
      ),
  };
}

/** What the case expects of these alerts and of these records. */
function restricted(entry: AlertCase, alerts: readonly Rule[], records: readonly string[]) {
  return {
    ...entry,
    firing: entry.firing.filter((firing) =>
      alerts.some(({ labels = {} }) =>
        Object.entries(labels).every(([n, value]) => firing.labels[n] === value),
      ),
    ),
    values: Object.fromEntries(
      Object.entries(entry.values ?? {}).filter(([expr]) =>
        records.some((name) => expr.includes(`${name}{`)),
      ),
    ),
  };
}

function reads(reader: Rule, { record }: Rule): boolean {
  return record !== undefined && reader.expr.includes(`${record}{`);
}

function closure(start: readonly Rule[], next: (known: readonly Rule[]) => readonly Rule[]): Rule[] {
  const known = new Set(start);
  for (let size = 0; size < known.size;) {
    size = known.size;
    for (const rule of next([...known])) known.add(rule);
  }
  return [...known];
}

/** Evaluations, and samples that must be written before them. */
function cost({ atMinute, everyMinutes = 1, series }: AlertCase): number {
  return atMinute / everyMinutes + (atMinute * Object.keys(series).length) / 100;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Two at a time: each is a process of its own. */
async function inPairs<Item, Answer>(
  items: readonly Item[],
  use: (item: Item) => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[][] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      answers[next[0]] = await use(next[1]);
    }
  };
  await Promise.all([worker(), worker()]);
  return answers.flat();
}

import { type AlertCase, passTrials, type Rule, type RuleGroup, type Trial } from '../support/alert-case';
import { type Mutant, withRule } from './mutants';

/** Mutants for one call of promtool: its start is most of what a case costs. */
const perCall = 16;

/** Cases up to which each round goes. Most mutants fall in the first: only what is left pays for all the others. */
const rounds = [3, 8, 20, Infinity];

/**
 * The mutants that no case notices.
 *
 * @throws Error where the rules fail a case as they are: it would notice every mutant, and prove nothing.
 */
export async function survivorsOf(
  group: RuleGroup,
  mutants: readonly Mutant[],
  cases: readonly AlertCase[],
): Promise<Mutant[]> {
  const names = [...new Set(group.rules.flatMap(({ alert }) => alert ?? []))];
  const own = names.map((name) => ({ groups: [group], cases: cases.filter(({ alert }) => alert === name) }));
  const [broken] = (await passTrials(own)).flatMap((passes, index) => (passes ? [] : (names[index] ?? [])));
  if (broken !== undefined) throw new Error(`${broken} fails a case unchanged: first make npm test pass.`);
  let left = mutants.map((mutant) => ({ mutant, trial: trialOf(group, mutant, cases) }));
  let from = 0;
  for (const to of rounds) {
    const slice = (trial: Trial): Trial => ({ ...trial, cases: trial.cases.slice(from, to) });
    const judged = left.filter(({ trial }) => trial.cases.length > from);
    const passed = await inPairs(chunks(judged, perCall), (chunk) =>
      passTrials(chunk.map(({ trial }) => slice(trial))),
    );
    const fallen = new Set(judged.filter((_, index) => passed[index] === false));
    left = left.filter((entry) => !fallen.has(entry));
    from = to;
  }
  return left.map(({ mutant }) => mutant);
}

/** The changed rule with those that read it, and what they read: the other rules of the group can tell nothing. */
function trialOf(group: RuleGroup, { rule, mutant }: Mutant, cases: readonly AlertCase[]): Trial {
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
  const windows = alerts.flatMap(({ labels }) => labels?.['window'] ?? []);
  const concerns = ({ name }: AlertCase) =>
    windows.some((window) => new RegExp(`\\b${window}\\b`).test(name));
  return {
    groups: withRule([{ ...group, rules }], rule, mutant),
    cases: cases
      .filter(({ alert }) => names.has(alert))
      .map((entry) => restricted(entry, alerts, records))
      .filter(({ values }) => alerts.length > 0 || Object.keys(values).length > 0)
      .sort((a, b) => Number(concerns(b)) - Number(concerns(a)) || cost(a) - cost(b)),
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

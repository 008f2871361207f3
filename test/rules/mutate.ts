import { type AlertCase, runAlertCases, type Rule, type RuleGroup } from '../support/alert-case';
import { ruleGroups, scrapeLabels } from '../support/alerting';
import { referenceFolders } from '../support/reference-manifests';
import { allCases } from './all-cases';
import { type Mutant, mutantsOf, withRule } from './mutants';

/** Below it, the cases prove less than the page says. */
const leastKilledShare = 0.95;

void main();

/** Changes every rule in every small way, and counts the changes that a case notices. Arguments: names of groups. */
async function main(): Promise<void> {
  const folder = referenceFolders().find((candidate) => ruleGroups(candidate).length > 0)!;
  const cases = allCases(scrapeLabels(folder));
  const survivors: string[] = [];
  let total = 0;
  const chosen = process.argv.slice(2);
  for (const group of ruleGroups(folder).filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    const mutants = group.rules.flatMap(mutantsOf);
    const survived = await filterSlowly(mutants, async (mutant) => !(await isKilled(group, mutant, cases)));
    survivors.push(...survived.map(({ what, mutant }) => `${what}\n    ${mutant.expr}`));
    total += mutants.length;
    process.stdout.write(`${group.name}: ${mutants.length - survived.length} of ${mutants.length} noticed\n`);
  }
  const share = (total - survivors.length) / total;
  process.stdout.write(survivors.map((what) => `survived: ${what}\n`).join(''));
  process.stdout.write(
    `${total - survivors.length} of ${total} mutants noticed (${(share * 100).toFixed(1)} %) by ${cases.length} cases\n`,
  );
  process.exitCode = share < leastKilledShare ? 1 : 0;
}

async function isKilled(
  group: RuleGroup,
  { rule, mutant }: Mutant,
  cases: readonly AlertCase[],
): Promise<boolean> {
  const changed = withRule([group], rule, mutant);
  const judges = cases.filter(({ alert }) => namesOf(group, rule).includes(alert));
  // Most mutants fall to a case that is over in a moment.
  for (const some of [judges.filter(isQuick), judges.filter((entry) => !isQuick(entry))]) {
    if (some.length === 0) continue;
    const { exitCode, output } = await runAlertCases(changed, some);
    if (/parse error|unknown position|invalid expression/.test(output))
      throw new Error(`${mutant.expr}: ${output}`);
    if (exitCode !== 0) return true;
  }
  return false;
}

function isQuick({ atMinute, everyMinutes = 1 }: AlertCase): boolean {
  return atMinute / everyMinutes <= 120 && atMinute < 1000;
}

/** A recorded series is judged by the alerts that read it: those of its group. */
function namesOf({ rules }: RuleGroup, { alert }: Rule): string[] {
  return alert === undefined ? rules.flatMap((rule) => rule.alert ?? []) : [alert];
}

/** Two at a time: each is a process of its own. */
async function filterSlowly(
  mutants: readonly Mutant[],
  keep: (mutant: Mutant) => Promise<boolean>,
): Promise<Mutant[]> {
  const kept: Mutant[] = [];
  const waiting = [...mutants];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (await keep(next)) kept.push(next);
    }
  };
  await Promise.all([worker(), worker()]);
  return kept;
}

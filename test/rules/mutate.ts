import { ruleGroups, scrapeLabels } from '../support/alerting';
import { referenceFolders } from '../support/reference-manifests';
import { allCases } from './all-cases';
import { equivalenceOf } from './equivalent-mutants';
import { mutantsOf } from './mutants';
import { type Experience, survivorsOf } from './mutation-trial';

/** Below it in any group, the cases prove less than the page says. */
const leastNoticedShare = 0.95;

void main();

/**
 * Changes every rule in every small way, and counts the changes that a case notices. Arguments: names of groups, all
 * where there are none. Exits with 1 where a group's share is too small.
 */
async function main(): Promise<void> {
  const folder = referenceFolders().find((candidate) => ruleGroups(candidate).length > 0)!;
  const cases = allCases(scrapeLabels(folder));
  const experience: Experience = new Map();
  const chosen = process.argv.slice(2);
  for (const group of ruleGroups(folder).filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    const begin = Date.now();
    const all = group.rules.flatMap(mutantsOf);
    const excluded = all.filter((mutant) => equivalenceOf(mutant) !== undefined);
    const mutants = all.filter((mutant) => equivalenceOf(mutant) === undefined);
    const survivors = await survivorsOf(group, mutants, cases, experience);
    const noticed = mutants.length - survivors.length;
    const share = noticed / mutants.length;
    const seconds = Math.round((Date.now() - begin) / 1000);
    say(
      `${group.name}: ${noticed} of ${mutants.length} noticed (${(share * 100).toFixed(1)} %) in ${seconds} s`,
    );
    for (const { what, mutant } of survivors) say(`  survived: ${what}\n    ${mutant.expr}`);
    for (const mutant of excluded) say(`  equivalent: ${mutant.what}: ${equivalenceOf(mutant) ?? ''}`);
    if (share < leastNoticedShare) process.exitCode = 1;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

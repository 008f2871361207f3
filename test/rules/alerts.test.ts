import { type AlertCase, lintRules, runAlertCases } from '../support/alert-case';
import { ruleGroups, scrapeLabels } from '../support/alerting';
import { describeWith } from '../support/programs';
import { referenceFolders } from '../support/reference-manifests';
import { allCases } from './all-cases';
import { mutantsOf, withRule } from './mutants';

describeWith(['promtool'], 'Alerts', () => {
  const regions = referenceFolders().filter((folder) => ruleGroups(folder).length > 0);
  const folder = regions[0]!;
  const groups = ruleGroups(folder);
  const cases = allCases(scrapeLabels(folder));
  const names = [...new Set(groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? [])))];
  const casesOf = (name: string) => cases.filter(({ alert }) => alert === name);

  it('exist in every region, and differ by its name alone', () => {
    expect(regions.map(({ name }) => name)).toEqual(['us-east-1', 'us-west-2']);
    const [one, other] = regions.map(({ name }) => name) as [string, string];
    const elsewhere = JSON.stringify(ruleGroups(regions[1]!));
    expect(elsewhere).not.toContain(one);
    expect(JSON.parse(elsewhere.replaceAll(other, one))).toEqual(groups);
  });

  it('pass promtool with every lint', async () => {
    const { exitCode, output } = await lintRules(groups);
    expect(output).toMatch(/SUCCESS: \d+ rules found/);
    expect(output).not.toMatch(/lint error|duplicate/i);
    expect(exitCode).toBe(0);
  });

  it('no longer pass it where a rule stands twice', async () => {
    const { exitCode, output } = await lintRules(
      groups.map((group) => ({ ...group, rules: [...group.rules, ...group.rules] })),
    );
    expect(exitCode).not.toBe(0);
    expect(output).toContain('duplicate');
  });

  it('stand in groups of 20 rules at most, which are evaluated side by side', () => {
    expect(groups.filter(({ rules }) => rules.length > 20)).toEqual([]);
  });

  it('have cases of firing and of silence each', () => {
    const having = (wanted: (entry: AlertCase) => boolean) => [
      ...new Set(cases.filter(wanted).map(({ alert }) => alert)),
    ];
    expect(having(({ firing }) => firing.length > 0).sort()).toEqual([...names].sort());
    // An alert that always fires is never silent.
    expect(having(({ firing }) => firing.length === 0).sort()).toEqual(
      names.filter((name) => name !== 'GatewayWatchdog').sort(),
    );
  });

  it.each(names)(
    '%s fires where it must, and is silent where it must',
    async (name) => {
      const { exitCode, output } = await runAlertCases(groupsOf(name), casesOf(name));
      expect(output).not.toContain('FAILED');
      expect(exitCode).toBe(0);
    },
    120_000,
  );

  it.each(
    groups
      .slice(0, 1)
      .flatMap(({ rules }) => rules)
      .flatMap(mutantsOf),
  )('no longer pass: $what', async ({ mutant, rule }) => {
    const { output } = await runAlertCases(
      withRule(groupsOf(rule.alert!), rule, mutant),
      casesOf(rule.alert!),
    );
    // What promtool says of a failed case. A mutant that it can't even read would prove nothing.
    expect(output).toContain(`alertname: ${rule.alert!}, time: `);
  });

  /** The others would only cost time: no rule reads what another group records. */
  function groupsOf(name: string) {
    return groups.filter(({ rules }) => rules.some(({ alert }) => alert === name));
  }
});

import { type AlertCase, lintRules, runAlertCase, type Rule, type RuleGroup } from '../support/alert-case';
import { ruleGroups, scrapeLabels } from '../support/alerting';
import { describeWith } from '../support/programs';
import { referenceFolders } from '../support/reference-manifests';
import { highErrorRateCases } from './high-error-rate-cases';
import { highLatencyCases } from './high-latency-cases';

const caseLists = [highErrorRateCases, highLatencyCases];
const passed = { exitCode: 0 };

describeWith(['promtool'], 'Alerts', () => {
  const regions = referenceFolders().filter((folder) => ruleGroups(folder).length > 0);

  it('exist in every region', () => {
    expect(regions.map(({ name }) => name)).toEqual(['us-east-1', 'us-west-2']);
  });

  describe.each(regions)('of $name', (folder) => {
    const groups = ruleGroups(folder);
    const cases = caseLists.flatMap((casesFor) => casesFor(scrapeLabels(folder)));

    it('pass promtool with every lint', async () => {
      const { exitCode, output } = await lintRules(groups);
      expect(output).toMatch(/SUCCESS: \d+ rules found/);
      expect(output).not.toMatch(/lint error|duplicate/i);
      expect(exitCode).toBe(0);
    });

    it('have cases of firing and of silence each', () => {
      const names = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
      const having = (wanted: (entry: AlertCase) => boolean) => [
        ...new Set(cases.filter(wanted).map(({ alert }) => alert)),
      ];
      expect(having(({ firing }) => firing.length > 0)).toEqual(names);
      expect(having(({ firing }) => firing.length === 0)).toEqual(names);
    });

    it.each(cases)('$alert $name', async (alertCase) => {
      expect(await runAlertCase(groups, alertCase)).toMatchObject(passed);
    });
  });

  describe('that are changed', () => {
    const folder = regions[0]!;
    const groups = ruleGroups(folder);
    const cases = caseLists.flatMap((casesFor) => casesFor(scrapeLabels(folder)));

    it.each(groups.flatMap(({ rules }) => rules).flatMap(mutants))(
      'no longer pass: $what',
      async ({ mutant }) => {
        const changed = withRule(groups, mutant);
        const results = await Promise.all(
          cases.filter(({ alert }) => alert === mutant.alert).map((entry) => runAlertCase(changed, entry)),
        );
        // What promtool says of a failed case. A mutant that it can't even read would prove nothing.
        const failed = results.filter(({ output }) => output.includes(`alertname: ${mutant.alert!}, time: `));
        expect(failed).not.toHaveLength(0);
      },
    );

    it('no longer pass: a rule stands twice', async () => {
      const { exitCode, output } = await lintRules(
        groups.map((group) => ({ ...group, rules: [...group.rules, ...group.rules] })),
      );
      expect(exitCode).not.toBe(0);
      expect(output).toContain('duplicate');
    });
  });
});

interface Mutant {
  readonly what: string;
  readonly mutant: Rule;
}

/** Small mistakes in a rule. Each must be noticed by a case, else the cases prove less than they seem to. */
function mutants(rule: Rule): Mutant[] {
  const replaced = (from: RegExp, to: (part: string) => string): Partial<Rule> => ({
    expr: rule.expr.replace(from, to),
  });
  const threshold = (factor: number) => replaced(/[\d.]+$/, (number) => String(Number(number) * factor));
  const duration = (minutes: number): Partial<Rule> => ({
    for: `${Number.parseInt(rule.for!, 10) + minutes}m`,
  });
  const changes: Readonly<Record<string, Partial<Rule>>> = {
    'threshold 1 % higher': threshold(1.01),
    'threshold 1 % lower': threshold(0.99),
    'comparison the other way round': replaced(/>/, () => '<'),
    'one minute longer': duration(1),
    'one minute shorter': duration(-1),
    'window of 4 minutes': replaced(/\[5m\]/g, () => '[4m]'),
    'every namespace': replaced(/namespace="[^"]*",/g, () => ''),
    'every job': replaced(/,?job="[^"]*"/g, () => ''),
    'client errors too': replaced(/"5\.\."/g, () => '"[45].."'),
    'one status only': replaced(/"5\.\."/g, () => '"502"'),
    'quantile 0.98': replaced(/0\.99/, () => '0.98'),
    'whole duration': replaced(/overhead/g, () => 'request'),
    'other severity': { labels: { ...rule.labels, severity: 'info' } },
    'no runbook': { annotations: { ...rule.annotations, runbook_url: '' } },
  };
  return Object.entries(changes)
    .map(([what, change]) => ({ what: `${rule.alert!}, ${what}`, mutant: { ...rule, ...change } }))
    .filter(({ mutant }) => JSON.stringify(mutant) !== JSON.stringify(rule));
}

function withRule(groups: readonly RuleGroup[], changed: Rule): RuleGroup[] {
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => (rule.alert === changed.alert ? changed : rule)),
  }));
}

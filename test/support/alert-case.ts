import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { promtool, type PromtoolResult } from './promtool';

/** A group of a PrometheusRule, and of a rule file of Prometheus itself: the two are the same. */
export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An alert as it is sent, without its name. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What Prometheus has seen, and what it must then say. */
export interface AlertCase {
  /** Completes the sentence that the alert's name begins. */
  readonly name: string;
  readonly alert: string;
  /** Samples once a minute, in promtool's notation: `0+5x10` starts at 0 and adds 5 ten times. */
  readonly series: Readonly<Record<string, string>>;
  readonly atMinute: number;
  /** Between two evaluations of the rules, 1 where absent: days at every minute would take minutes. */
  readonly everyMinutes?: number;
  /** Every instance that fires at that minute; none: the alert is silent. */
  readonly firing: readonly Firing[];
  /** Expressions whose result has no labels, with their value at that minute. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Runs one case through promtool. */
export async function runAlertCase(
  groups: readonly RuleGroup[],
  alertCase: AlertCase,
): Promise<PromtoolResult> {
  return await runAlertCases(groups, [alertCase]);
}

/** Runs many at once: most of the time of one is the start of the program. */
export async function runAlertCases(
  groups: readonly RuleGroup[],
  cases: readonly AlertCase[],
): Promise<PromtoolResult> {
  // promtool names the file of a case that failed.
  const files = Object.fromEntries(
    cases.map((entry, index) => [`${index}-${entry.name.replace(/[^\w.%]+/g, '-')}.yaml`, caseFile(entry)]),
  );
  return await withFiles({ 'rules.yaml': { groups }, ...files }, (directory) =>
    promtool(['test', 'rules', ...Object.keys(files).map((name) => join(directory, name))]),
  );
}

/** Rules, and cases that judge them. */
export interface Trial {
  readonly groups: readonly RuleGroup[];
  readonly cases: readonly AlertCase[];
}

/**
 * The cases that each trial fails, by one call for all: promtool says it of every file by itself.
 *
 * @throws Error where promtool cannot read a rule or a case: its failure would say nothing about the rules.
 */
export async function failuresOf(trials: readonly Trial[]): Promise<AlertCase[][]> {
  const files = trials.flatMap(({ groups, cases }, index): [string, object][] => [
    [`rules-${index}.yaml`, { groups }],
    ...cases.map((entry, position): [string, object] => [
      `${index}-${position}.yaml`,
      caseFile(entry, `rules-${index}.yaml`),
    ]),
  ]);
  return await withFiles(Object.fromEntries(files), async (directory) => {
    const caseNames = files.map(([name]) => name).filter((name) => !name.startsWith('rules-'));
    const { output } = await promtool(['test', 'rules', ...caseNames.map((name) => join(directory, name))]);
    const passed = new Set([...output.matchAll(/\/([\d-]+\.yaml)\n +SUCCESS\n/g)].map(([, name]) => name));
    const failures = output.match(/^ +FAILED:$/gm)?.length ?? 0;
    const unreadable = /parse error|unknown position|invalid expression|yaml:|error calling/.exec(output);
    if (unreadable !== null || passed.size + failures !== caseNames.length) throw new Error(output);
    return trials.map(({ cases }, index) =>
      cases.filter((_, position) => !passed.has(`${index}-${position}.yaml`)),
    );
  });
}

/** promtool's own judgement of the rules, its advice counted as errors. */
export async function lintRules(groups: readonly RuleGroup[]): Promise<PromtoolResult> {
  return await withFiles({ 'rules.yaml': { groups } }, (directory) =>
    promtool(['check', 'rules', '--lint=all', '--lint-fatal', join(directory, 'rules.yaml')]),
  );
}

function caseFile(
  { alert, series, atMinute, everyMinutes = 1, firing, values = {} }: AlertCase,
  ruleFile = 'rules.yaml',
): object {
  return {
    rule_files: [ruleFile],
    evaluation_interval: `${everyMinutes * 60}s`,
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: `${atMinute}m`,
            alertname: alert,
            exp_alerts: firing.map(({ labels, annotations }) => ({
              exp_labels: labels,
              exp_annotations: annotations,
            })),
          },
        ],
        promql_expr_test: Object.entries(values).map(([expr, value]) => ({
          expr,
          eval_time: `${atMinute}m`,
          exp_samples: [{ labels: '{}', value }],
        })),
      },
    ],
  };
}

async function withFiles<Answer>(
  files: Readonly<Record<string, object>>,
  use: (directory: string) => Promise<Answer>,
): Promise<Answer> {
  const directory = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(directory, name), stringify(content));
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

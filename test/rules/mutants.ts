import type { Rule, RuleGroup } from '../support/alert-case';

export interface Mutant {
  readonly what: string;
  readonly rule: Rule;
  readonly mutant: Rule;
}

/** Small mistakes in a rule. Each must be noticed by a case, else the cases prove less than they seem to. */
export function mutantsOf(rule: Rule): Mutant[] {
  const changes = [
    ...expressions(rule.expr).map(([what, expr]): [string, Partial<Rule>] => [what, { expr }]),
    ...durations(rule),
    ...(rule.alert === undefined ? [] : words(rule)),
  ];
  return changes
    .map(([what, change]) => ({ what: `${title(rule)}: ${what}`, rule, mutant: { ...rule, ...change } }))
    .filter(({ mutant }) => JSON.stringify(mutant) !== JSON.stringify(rule));
}

export function withRule(groups: readonly RuleGroup[], original: Rule, changed: Rule): RuleGroup[] {
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => (rule === original ? changed : rule)),
  }));
}

function title({ alert, record, labels }: Rule): string {
  return [alert ?? record ?? '', labels?.['slo'], labels?.['window']].filter(Boolean).join(' ');
}

type Change = [what: string, expr: string];

const number = /(?<=[<>=/*-] |\()\d+(\.\d+)?(?=$|[ ),])/g;

/** By 2 %: enough for a case just beside a threshold. A zero moves by one, since it is counts that are compared with it. */
function nudged(found: string, direction: 1 | -1): Change {
  const value = Number(found);
  if (value === 0) return [`0 becomes ${direction}`, String(direction)];
  return [
    `${found} becomes 2 % ${direction === 1 ? 'more' : 'less'}`,
    String(Number((value * (1 + 0.02 * direction)).toPrecision(12))),
  ];
}

function expressions(expr: string): Change[] {
  return [
    ...each(expr, number, (found) => nudged(found, 1)),
    ...each(expr, number, (found) => nudged(found, -1)),
    ...each(expr, /\[\d+[smhd]\]/g, (window) => [`${window} a fifth longer`, scaled(window, 1.2)]),
    ...each(expr, /\[\d+[smhd]\]/g, (window) => [`${window} a fifth shorter`, scaled(window, 0.8)]),
    ...matchers(expr),
    ...each(expr, / (>=|>) /g, () => ['the other way round', ' < ']),
    ...each(expr, / == 0/g, () => ['the other value', ' == 1']),
    ...each(expr, / and /g, () => ['or', ' or ']),
    ...each(expr, /\b(sum|max)\b/g, (name) => [`${name} becomes min`, 'min']),
    ...each(expr, / by \((file|pod|provider|scope)\) /g, () => ['all together', ' ']),
    ...each(expr, /ratio_rate(\d+[mhd])/g, (name) => [
      `${name} of another window`,
      name === 'ratio_rate2h' ? 'ratio_rate1h' : 'ratio_rate2h',
    ]),
    ...each(expr, /overhead/g, () => ['the whole duration', 'request']),
  ];
}

/** Series that were scraped lose a matcher one by one; those that were recorded all at once, since they are matched by it. */
function matchers(expr: string): Change[] {
  const matcher = /,?\w+=~?"(?:[^"\\]|\\.)*"/g;
  const without = (text: string) => text.replace(/\{,/g, '{');
  if (!expr.includes('job:gateway_slo')) {
    return each(expr, matcher, (found) => [`without ${found}`, '']).map(([what, changed]) => [
      what,
      without(changed),
    ]);
  }
  return ['namespace', 'job', 'region', 'slo'].map((label) => [
    `without every ${label}`,
    without(expr.replace(new RegExp(`,?\\b${label}="[^"]*"`, 'g'), '')),
  ]);
}

function durations(rule: Rule): [string, Partial<Rule>][] {
  if (rule.for === undefined) return [];
  const minutes = Number.parseInt(rule.for, 10);
  return [
    ['one minute longer', { for: `${minutes + 1}m` }],
    ['one minute shorter', { for: `${minutes - 1}m` }],
  ];
}

function words(rule: Rule): [string, Partial<Rule>][] {
  return [
    ['another severity', { labels: { ...rule.labels, severity: 'info' } }],
    ['another namespace', { labels: { ...rule.labels, namespace: 'another' } }],
    ['another region', { labels: { ...rule.labels, region: 'another' } }],
    ['no page', { annotations: { ...rule.annotations, runbook_url: '' } }],
  ];
}

/** One change for each place that the pattern finds. */
function each(expr: string, pattern: RegExp, change: (found: string) => Change): Change[] {
  return [...expr.matchAll(pattern)].map(({ 0: found, index }) => {
    const [what, instead] = change(found);
    return [`${what} (at ${index})`, expr.slice(0, index) + instead + expr.slice(index + found.length)];
  });
}

const unitMinutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

function scaled(window: string, factor: number): string {
  const minutes = Number.parseInt(window.slice(1), 10) * (unitMinutes[window.at(-2) ?? ''] ?? 0);
  return `[${Math.round(minutes * factor)}m]`;
}

import { type Node, parser } from '@prometheus-io/lezer-promql';
import type { KnownMetrics } from './known-metrics';

/** What is wrong with an expression, and what to do about it. */
export interface ExpressionFault {
  readonly rule: string;
  readonly fix: string;
}

export interface ExpressionBounds {
  readonly known: KnownMetrics;
  /** How far back Prometheus has samples. */
  readonly retentionSeconds: number;
}

/** What was read without a fault. A region's expressions are the others' but for its name, and reading them is slow. */
const sound = new WeakMap<KnownMetrics, Set<string>>();

/** Reads an expression as Prometheus would, and compares what it asks for with what exists. */
export function faultsOf(expression: string, bounds: ExpressionBounds): ExpressionFault[] {
  const shapes = sound.get(bounds.known) ?? new Set();
  const shape = `${bounds.retentionSeconds} ${shapeOf(expression)}`;
  if (shapes.has(shape)) return [];
  const faults = read(expression, bounds);
  // Faults are not remembered: they name a place in the text, which another value moves.
  if (faults.length === 0) sound.set(bounds.known, shapes.add(shape));
  return faults;
}

/**
 * The expression without the values that its matchers compare with, since no check reads them. Other strings may be
 * names. Where more than plain double quotes is there, only a parser tells where a string ends: the text stays whole.
 */
function shapeOf(expression: string): string {
  if (/['`#\\\n]/.test(expression)) return expression;
  return expression.replace(/([=~]\s*)?"[^"]*"/g, (text, operator?: string) =>
    operator === undefined ? text : `${operator}""`,
  );
}

function read(expression: string, { known, retentionSeconds }: ExpressionBounds): ExpressionFault[] {
  const nodes = flatten(parser.parse(expression).topNode);
  const textOf = ({ from, to }: Node): string => expression.slice(from, to);
  const broken = nodes.find((node) => node.type.isError);
  if (broken !== undefined) {
    return [
      {
        rule: `must be PromQL, and does not parse at character ${broken.from + 1}`,
        fix: 'try it in the Prometheus UI',
      },
    ];
  }
  return nodes.flatMap((node) => {
    switch (node.name) {
      case 'VectorSelector':
        return selectorFaults(node, textOf, known);
      case 'GroupingLabels':
        return groupingFaults(node, textOf, known);
      case 'FunctionCall':
        return rangeFaults(node, textOf);
      case 'NumberDurationLiteralInDurationContext':
        return windowFaults(textOf(node), retentionSeconds);
      default:
        return [];
    }
  });
}

type TextOf = (node: Node) => string;

function selectorFaults(selector: Node, textOf: TextOf, known: KnownMetrics): ExpressionFault[] {
  const metric = metricOf(selector, textOf);
  const labels = known.get(metric);
  if (labels === undefined) {
    return [
      {
        rule: `must name metrics that exist, and ${metric === '' ? 'a selector without a name' : metric} is none`,
        fix: `use one of the catalogue, e.g. ${nearest(metric, [...known.keys()])}`,
      },
    ];
  }
  return labelsIn(selector, textOf)
    .filter((label) => !labels.has(label))
    .map((label) => ({
      rule: `must name labels that the metric has, and ${metric} has no ${label}`,
      fix: `use one of ${[...labels].join(', ')}`,
    }));
}

/** Labels in `by`, `without`, `on` and the like: each must be one of a series that is grouped. */
function groupingFaults(grouping: Node, textOf: TextOf, known: KnownMetrics): ExpressionFault[] {
  let scope = grouping.parent;
  while (scope !== null && scope.name !== 'AggregateExpr' && scope.name !== 'BinaryExpr')
    scope = scope.parent;
  if (scope === null) return [];
  const present = flatten(scope)
    .filter(({ name }) => name === 'VectorSelector')
    .flatMap((selector) => [...(known.get(metricOf(selector, textOf)) ?? [])]);
  return labelsIn(grouping, textOf)
    .filter((label) => !present.includes(label))
    .map((label) => ({
      rule: `must group by labels that exist, and no series here has ${label}`,
      fix: 'correct its spelling, or group by another',
    }));
}

const overRange = /^(rate|irate|increase|delta|idelta|deriv|resets|changes|predict_linear|\w+_over_time)$/;
const holdsRange = /^(MatrixSelector|SubqueryExpr|OffsetExpr|StepInvariantExpr|ParenExpr)$/;

/** The parser takes `rate(x)`, and Prometheus would refuse the whole file for it. */
function rangeFaults(call: Node, textOf: TextOf): ExpressionFault[] {
  const called = call.getChild('FunctionIdentifier');
  const name = called === null ? '' : textOf(called);
  const given = flatten(call.getChild('FunctionCallBody') ?? call);
  const takesRange = overRange.test(name);
  const hasRange = given.some(
    (node) => node.parent?.parent?.from === call.from && holdsRange.test(node.name),
  );
  const bareRange = given.some(
    (node) => node.name === 'MatrixSelector' && node.parent?.parent?.from === call.from,
  );
  if (takesRange === hasRange || (!takesRange && !bareRange)) return [];
  return [
    takesRange
      ? { rule: `must give ${name}() a range`, fix: 'write the window behind the selector, e.g. [5m]' }
      : { rule: `must not give ${name}() a range`, fix: 'leave the window out, or use a function over time' },
  ];
}

function windowFaults(text: string, retentionSeconds: number): ExpressionFault[] {
  if (secondsOf(text) <= retentionSeconds) return [];
  return [
    {
      rule: `must not look back ${text}, since Prometheus keeps samples for ${retentionSeconds / 86_400} days only`,
      fix: 'shorten the window, or keep samples longer and raise monitoring.retention',
    },
  ];
}

const unitSeconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

function secondsOf(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitSeconds[unit ?? ''] ?? 0),
    0,
  );
}

function metricOf(selector: Node, textOf: TextOf): string {
  const name = selector.getChild('Identifier');
  return name === null ? '' : textOf(name);
}

function labelsIn(node: Node, textOf: TextOf): string[] {
  return flatten(node)
    .filter(({ name }) => name === 'LabelName' || name === 'QuotedLabelName')
    .map((label) => textOf(label).replace(/"/g, ''));
}

function flatten(node: Node): Node[] {
  const nodes = [node];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) nodes.push(...flatten(child));
  return nodes;
}

/** The name that shares most of its beginning and its end. */
function nearest(name: string, candidates: readonly string[]): string {
  const shared = (candidate: string): number =>
    alike(name, candidate) + alike(reversed(name), reversed(candidate));
  return candidates.reduce((best, candidate) => (shared(candidate) > shared(best) ? candidate : best));
}

function alike(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}

import type { AlertCase, Firing } from '../support/alert-case';

/** Values of series, by their text in promtool's notation. */
export type Values = Readonly<Record<string, number>>;

/** An alert that compares what is there with a threshold. */
export interface Condition {
  readonly alert: string;
  readonly forMinutes: number;
  /** A counter grows by its value each minute, a gauge has it. */
  readonly kind: 'counter' | 'gauge';
  /** Just on the side of the threshold that is well. */
  readonly well: Values;
  /** Just on the other side. */
  readonly ill: Values;
  readonly firing: readonly Firing[];
  /** Each is as ill as can be, and none of this alert's business. */
  readonly foreign: Readonly<Record<string, Values>>;
}

/** What the alert says of values that stay, or of counters that grow evenly. */
export function steadyCase(
  alert: string,
  name: string,
  kind: Condition['kind'],
  values: Values,
  firing: readonly Firing[],
): AlertCase {
  return { alert, name, series: steady(kind, values), atMinute: 40, firing };
}

/** The cases that every such alert needs. */
export function conditionCases({
  alert,
  forMinutes,
  kind,
  well,
  ill,
  firing,
  foreign,
}: Condition): AlertCase[] {
  const fromMinute11 = map(ill, (v, name) =>
    kind === 'counter' ? `0x10 ${v}+${v}x49` : `${well[name] ?? 0}x10 ${v}x49`,
  );
  const silent: Firing[] = [];
  return [
    steadyCase(alert, 'fires just beyond its threshold', kind, ill, firing),
    steadyCase(alert, 'is silent just within its threshold', kind, well, silent),
    steadyCase(alert, 'is silent where nothing was ever scraped', kind, {}, silent),
    {
      alert,
      name: `fires ${forMinutes} minutes after it begins`,
      series: fromMinute11,
      atMinute: 11 + forMinutes,
      firing,
    },
    ...(forMinutes === 0
      ? []
      : [
          {
            alert,
            name: `is silent until ${forMinutes} minutes have passed`,
            series: fromMinute11,
            atMinute: 10 + forMinutes,
            firing: silent,
          },
        ]),
    ...Object.entries(foreign).map(([what, values]) =>
      steadyCase(alert, `is silent about ${what}`, kind, { ...well, ...values }, silent),
    ),
  ];
}

function steady(kind: Condition['kind'], values: Values): Record<string, string> {
  return map(values, (value) => (kind === 'counter' ? `0+${value}x60` : `${value}x60`));
}

function map(values: Values, text: (value: number, name: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value, name)]));
}

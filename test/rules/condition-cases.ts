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
  const steady = (values: Values) => map(values, (v) => (kind === 'counter' ? `0+${v}x60` : `${v}x60`));
  const fromMinute11 = map(ill, (v, name) =>
    kind === 'counter' ? `0x10 ${v}+${v}x49` : `${well[name] ?? 0}x10 ${v}x49`,
  );
  const silent: Firing[] = [];
  const cases: Omit<AlertCase, 'alert'>[] = [
    { name: 'fires just beyond its threshold', series: steady(ill), atMinute: 40, firing },
    { name: 'is silent just within its threshold', series: steady(well), atMinute: 40, firing: silent },
    { name: 'is silent where nothing was ever scraped', series: {}, atMinute: 40, firing: silent },
    {
      name: `fires ${forMinutes} minutes after it begins`,
      series: fromMinute11,
      atMinute: 11 + forMinutes,
      firing,
    },
    ...(forMinutes === 0
      ? []
      : [
          {
            name: `is silent until ${forMinutes} minutes have passed`,
            series: fromMinute11,
            atMinute: 10 + forMinutes,
            firing: silent,
          },
        ]),
    ...Object.entries(foreign).map(([what, values]) => ({
      name: `is silent about ${what}`,
      series: { ...steady(well), ...steady(values) },
      atMinute: 40,
      firing: silent,
    })),
  ];
  return cases.map((entry) => ({ ...entry, alert }));
}

function map(values: Values, text: (value: number, name: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value, name)]));
}

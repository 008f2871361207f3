/** Labels of a series, or of all series of one scrape. */
export type Labels = Readonly<Record<string, string>>;

/** What a series of the gateway has that is another's: each must leave its alerts as they are. */
export const foreignPlaces: Readonly<Record<string, Labels>> = {
  'another namespace': { namespace: 'another' },
  'another workload': { job: 'another' },
  'another region': { region: 'another' },
};

/** Something for each of them, by its name. */
export function forEachPlace<Value>(use: (labels: Labels) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(foreignPlaces).map(([what, labels]) => [what, use(labels)]));
}

/** A series in promtool's notation. */
export function series(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}}`;
}

/** A counter that grows by so much per minute for an hour. */
export const perMinute = (count: number): string => `0+${count}x60`;

/** Nothing for ten minutes, and from the eleventh on so much per minute. */
export const fromMinute11 = (count: number): string => `0x10 ${count}+${count}x50`;

import { report } from '../../../gateway-app/contract/validate';
import { pattern } from './scalars';

/** In the order of the five fields, with the least and greatest value of each. */
const fields = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'day of week', from: 0, to: 6 },
] as const;

type FieldRange = (typeof fields)[number];

/** Five fields of cron in numbers. Names of days and forms like `@daily` are not taken: readers differ on them. */
export const cron = pattern(
  /^\S+( \S+){4}$/,
  'must be five fields with one space between: minute, hour, day of month, month, day of week',
  'write it like 17 0,6,12,18 * * *',
).superRefine((text, ctx) => {
  const parts = text.split(' ');
  if (parts.length !== fields.length) return;
  const wrong = fields.filter((field, index) => valuesOf(parts[index] ?? '', field) === undefined);
  for (const field of wrong) {
    report(ctx, {
      path: [],
      rule: `has a ${field.name} that is no number from ${field.from} to ${field.to}, range, list or step of such`,
      fix: 'write e.g. 5, 1-5, 0,30 or */6',
    });
  }
  if (wrong.length === 0 && longestWaitDays(text) === undefined) {
    report(ctx, {
      path: [],
      rule: 'names a day that does not exist, so it would never run',
      fix: 'choose a day that each of its months has',
    });
  }
});

/** The values that a field of cron names; undefined where it is none. */
function valuesOf(text: string, { from, to }: FieldRange): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const entry of text.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(entry);
    if (match === null) return undefined;
    const [, first, last, stepText] = match;
    const step = Number(stepText ?? 1);
    const start = Number(first ?? from);
    // As cron reads it: a step after a single number goes on to the end.
    const end = Number(last ?? (first === undefined || stepText !== undefined ? to : first));
    if (start < from || end > to || start > end || step < 1) return undefined;
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

const msPerDay = 86_400_000;
/** Leap day to leap day, over the one that a century leaves out. */
const observedDays = 8 * 366;

/** Days between two runs at most; undefined where it never runs. For a text that {@link cron} took. */
export function longestWaitDays(text: string): number | undefined {
  const parts = text.split(' ');
  const [, , days, months, weekdays] = fields.map((field, index) => valuesOf(parts[index] ?? '', field));
  const [, , dayText = '', , weekdayText = ''] = parts;
  const runs: number[] = [];
  for (let day = 0; day < observedDays; day += 1) {
    const date = new Date(Date.UTC(2096, 0, 1) + day * msPerDay);
    const onDay = days?.has(date.getUTCDate()) === true;
    const onWeekday = weekdays?.has(date.getUTCDay()) === true;
    // As cron reads it: where both fields say something, either is enough.
    const either = !dayText.startsWith('*') && !weekdayText.startsWith('*');
    const isDay = either ? onDay || onWeekday : onDay && onWeekday;
    if (isDay && months?.has(date.getUTCMonth() + 1) === true) runs.push(day);
  }
  if (runs.length === 0) return undefined;
  return Math.max(1, ...runs.slice(1).map((day, index) => day - (runs[index] ?? day)));
}

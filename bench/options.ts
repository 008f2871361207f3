import { parseArgs } from 'node:util';

/** The most of each number that an option takes. */
type Bounds = Readonly<Record<string, { readonly default: number; readonly most: number }>>;

/**
 * Whole numbers from the command line.
 *
 * @throws Error where one is out of bounds, or unknown.
 */
export function wholeNumbers<const Of extends Bounds>(bounds: Of): { readonly [Name in keyof Of]: number } {
  const options = Object.fromEntries(
    Object.entries(bounds).map(([name, bound]) => [
      name,
      { type: 'string' as const, default: String(bound.default) },
    ]),
  );
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(bounds).map(([name, { most }]) => {
      const text = String(values[name]);
      const number = Number(text);
      if (!Number.isInteger(number) || number < 1 || number > most) {
        throw new Error(
          `--${name} is ${text}; it must be a whole number from 1 to ${most}. Nothing was measured.`,
        );
      }
      return [name, number];
    }),
  ) as { readonly [Name in keyof Of]: number };
}

import { writeFileSync } from 'node:fs';

interface Figure {
  readonly property: string;
  readonly expected: string;
  readonly seen: string;
}

/** What each property showed, in the order of the tests. */
export class Figures {
  readonly #rows: Figure[] = [];

  /**
   * A test of one property.
   *
   * @param measure Throws where the property does not hold; resolves to what was seen.
   */
  property(property: string, expected: string, measure: () => Promise<string>, limitMs = 120_000): void {
    it(
      property,
      async () => {
        try {
          this.#rows.push({ property, expected, seen: await measure() });
        } catch (error) {
          this.#rows.push({ property, expected, seen: 'FAILED' });
          throw error;
        }
      },
      limitMs,
    );
  }

  /** Prints the table, and writes it to the file that E2E_TABLE names. */
  publish(): void {
    const lines = this.#rows.map(({ property, expected, seen }) => `| ${property} | ${expected} | ${seen} |`);
    const table = ['| property | expected | seen |', '| --- | --- | --- |', ...lines, ''].join('\n');
    process.stdout.write(`\n${table}\n`);
    const file = process.env['E2E_TABLE'];
    if (file !== undefined) writeFileSync(file, table);
  }
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

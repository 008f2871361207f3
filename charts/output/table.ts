import type { ManifestFolder } from '../synthesize';

/** What was written where, for a terminal. */
export function table(out: string, folders: readonly ManifestFolder[]): string {
  const rows = [
    ['region', 'objects', 'where'],
    ...folders.map(({ name, manifests }) => [name, String(manifests.length), `${out}/${name}`]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

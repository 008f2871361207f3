import { secretIn } from '../../gateway-app/contract/secret-literal';
import { pathText, type Problem } from '../../gateway-app/contract/validate';

/**
 * Every text of an input that holds a secret itself: whoever reads the repository or a manifest would have it.
 *
 * @param input Without unit types.
 */
export function literalSecrets(input: unknown): Problem[] {
  return textsIn(input, []).flatMap(([path, text]) => {
    const what = secretIn(text) ?? (isFileField(path) && looksRandom(text) ? 'a secret itself' : undefined);
    if (what === undefined) return [];
    return [
      {
        path: pathText(path),
        value: `a text of ${text.length} characters (hidden)`,
        rule: `must not hold ${what}: whoever reads the repository or the manifests has it, and their history keeps it`,
        fix: 'replace the secret, since it was shown; keep the new one where `secrets` gets it from, and write the name of its file here',
      },
    ];
  });
}

type Path = readonly (string | number)[];

function textsIn(value: unknown, path: Path): (readonly [Path, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((item, index) => textsIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

/** What names a secret's file, and so is most easily mistaken for a place for the secret. */
function isFileField(path: Path): boolean {
  return /(key|token|password|secret)File$/i.test(String(path.at(-1)));
}

/** Capitals, small letters and scattered digits in one long word: no one names a file so. */
function looksRandom(text: string): boolean {
  return (text.match(/[A-Za-z0-9]{16,}/g) ?? []).some((word) =>
    [/[a-z]/, /[A-Z]/, /\d\D+\d/].every((sign) => sign.test(word)),
  );
}

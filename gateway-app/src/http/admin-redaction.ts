const shownHashLength = 8;
/** Only texts are hidden: a number of tokens or a list of keys is no secret, and each entry of the list is judged itself. */
const secretName = /(key|token|secret|password|authorization)s?$/i;
const credentials = /:\/\/[^/@]*@/g;

/** A configuration as an operator may see it: hashes shortened, and nothing that could be a secret. */
export function redacted(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, field));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(inner, name)]));
  }
  if (typeof value !== 'string') return value;
  if (field === 'sha256') return `${value.slice(0, shownHashLength)}…`;
  if (secretName.test(field)) return '(hidden)';
  return value.replace(credentials, '://(hidden)@');
}

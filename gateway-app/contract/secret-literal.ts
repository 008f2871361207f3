/** Keys of well-known makes. Each has a form that nothing else has. */
const makes: readonly (readonly [what: string, form: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  // A long word with a digit in it, since names begin so too: sk-telecom-customer-support.
  ["a model provider's key", /(?<![A-Za-z0-9])sk-([A-Za-z0-9]*[_-])*(?=[A-Za-z]*\d)[A-Za-z0-9]{12,}/],
  ['an AWS access key', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{20,}/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{30,}/],
  ['a Vault token', /\bhv[sb]\.[A-Za-z0-9_-]{20,}/],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/],
  ['a key of this gateway', /\bgw-[A-Za-z0-9_-]{43}\b/],
  ['a URL with a password', /:\/\/[^/\s:@]+:[^/\s@]+@/],
];

/**
 * What a text holds that nobody but its owner should see, wherever it stands: by its form, so an ordinary word never does,
 * and a password that reads like one is not found.
 *
 * @returns Undefined where it holds none.
 */
export function secretIn(text: string): string | undefined {
  return makes.find(([, form]) => form.test(text))?.[0];
}
